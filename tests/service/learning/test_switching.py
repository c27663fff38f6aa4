"""One audited step to a candidate, and the way back; nothing unknown is switched to."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from nlp.errors import ModelMissing
from service.audit import AuditFilter, entries
from service.auth import Role
from service.db.changes import changes_after
from service.errors import Conflict, Forbidden, InvalidInput
from service.learning import (
    Altered,
    Candidate,
    Kind,
    NotEvaluated,
    NothingToUndo,
    Span,
    Split,
    encoder_candidate,
    lexicon_candidate,
    rules_candidate,
    set_of,
)
from service.lexicon import table_of
from service.rules import repository as rule_rows
from tests.service.learning.rows import outcome, row
from tests.service.lexicon.rows import entry
from tests.support.incident_scene import shipped_library
from tests.support.learning_scene import ANA, LEAD, LearningScene
from tests.support.review_scene import ANNA, person
from tests.support.stored_posts import NOON
from tests.support.tiny_model import write_tiny_model

BOSS = person("boss", Role.LEAD, Role.ANALYST)


async def compared(scene: LearningScene, candidate: Candidate) -> str:
    """The candidate's name, after it was evaluated on what people have said and on posts."""
    scene.played.outcome = outcome(shipped_library())
    await scene.evaluator.evaluate(ANA, candidate, span=Span(), tell=scene.tell)
    return candidate.name


def words(file: str = "words.tsv", term: str = "宰客黑店") -> Candidate:
    return lexicon_candidate(table_of([entry(term, id="lex_new")]).encode(), file=Path(file))


def rules(folder: Path, at_least: int = 40) -> Candidate:
    file = folder / "rules.yaml"
    file.write_text(f'rules: [{{id: slow_burn, thresholds: {{"negative_24h": {at_least}}}}}]')
    return rules_candidate(file)


def mood(scene: LearningScene) -> str:
    """What the analyser that serves takes a plain text for."""
    label = scene.analyzer.analyze("明天再说").sentiment
    assert label is not None
    return label.label


async def test_to_a_model_and_back(scene: LearningScene) -> None:
    await scene.corrected(1, "漏水")
    name = await compared(scene, encoder_candidate(scene.gloomy))
    assert mood(scene) == "neutral"

    step = await scene.switches.switch(LEAD, name)
    assert (step.number, step.name, step.before, step.forced) == (1, name, None, False)
    assert await scene.models.refresh()
    assert mood(scene) == "negative"

    undone = await scene.switches.back(LEAD, reason="too gloomy")
    assert (undone.number, undone.undoes, undone.after) == (2, 1, None)
    assert await scene.models.refresh()
    assert mood(scene) == "neutral"


async def test_a_step_is_audited_and_announced_once(scene: LearningScene) -> None:
    name = await compared(scene, encoder_candidate(scene.gloomy))
    step = await scene.switches.switch(LEAD, name, reason="better on refunds")
    async with scene.database.read() as connection:
        (row,) = (await entries(connection, where=AuditFilter(action="model.switched"))).items
        told = [item for item in await changes_after(connection, 0) if item.kind == "model"]
    assert (row.actor, row.subject_id) == (LEAD.id, name)
    assert row.data["reason"] == "better on refunds"
    assert row.data["evaluation"] == step.evaluation_id
    assert [item.data["number"] for item in told] == [1]


async def test_rows_of_the_lexicon_and_back(scene: LearningScene) -> None:
    name = await compared(scene, words())
    step = await scene.switches.switch(BOSS, name)
    assert (step.before, step.after) == ({"version": 0}, {"version": 1})
    terms = [item.term for item in (await scene.shelves.current()).active()]
    assert "宰客黑店" in terms
    undone = await scene.switches.back(BOSS)
    assert undone.after == {"version": 2}
    assert "宰客黑店" not in [item.term for item in (await scene.shelves.current()).active()]


async def test_rules_and_back(scene: LearningScene, tmp_path: Path) -> None:
    await scene.rules.put(BOSS, "slow_burn", {"thresholds": {"negative_24h": 30}})
    name = await compared(scene, rules(tmp_path))
    await scene.switches.switch(BOSS, name)
    async with scene.database.read() as connection:
        laid = (await rule_rows.every(connection))["slow_burn"].data
    assert laid["thresholds"] == {"negative_24h": 40}
    await scene.switches.back(BOSS)
    async with scene.database.read() as connection:
        laid = (await rule_rows.every(connection))["slow_burn"].data
    assert laid["thresholds"] == {"negative_24h": 30}


async def test_a_rule_that_had_no_overlay_has_none_again(
    local: LearningScene, tmp_path: Path
) -> None:
    await local.switches.switch(BOSS, await compared(local, rules(tmp_path)))
    await local.switches.back(BOSS)
    async with local.database.read() as connection:
        assert await rule_rows.every(connection) == {}


async def test_back_goes_step_by_step(local: LearningScene, tmp_path: Path) -> None:
    await local.switches.switch(BOSS, await compared(local, words()))
    await local.switches.switch(BOSS, await compared(local, rules(tmp_path)))
    assert (await local.switches.back(BOSS)).undoes == 2
    assert (await local.switches.back(BOSS)).undoes == 1
    with pytest.raises(NothingToUndo):
        await local.switches.back(BOSS)
    assert [step.number for step in await local.switches.history(BOSS)] == [4, 3, 2, 1]


async def test_words_go_back_step_by_step_too(local: LearningScene) -> None:
    first, second = words(), words("more.tsv", "缺斤短两")
    for candidate in (first, second):
        await local.switches.switch(BOSS, await compared(local, candidate))
    assert (await local.switches.back(BOSS)).undoes == 2
    undone = await local.switches.back(BOSS)
    assert (undone.undoes, undone.after) == (1, {"version": 4})
    assert "宰客黑店" not in [item.term for item in (await local.shelves.current()).active()]


async def test_what_was_never_evaluated_is_refused(local: LearningScene) -> None:
    with pytest.raises(NotEvaluated, match="no candidate 'tiny' was evaluated"):
        await local.switches.switch(LEAD, "tiny")
    with pytest.raises(NotEvaluated, match="never evaluated"):
        await local.switches.switch(LEAD, str(local.gloomy))
    assert await local.switches.history(LEAD) == ()


async def test_a_folder_is_as_good_as_its_name(local: LearningScene) -> None:
    await compared(local, encoder_candidate(local.gloomy))
    step = await local.switches.switch(LEAD, str(local.gloomy))
    assert step.evaluation_id is not None


async def test_what_was_said_since_asks_for_another_look(local: LearningScene) -> None:
    await local.corrected(1, "漏水")
    name = await compared(local, encoder_candidate(local.gloomy))
    await local.corrected(2, "漏油")
    with pytest.raises(NotEvaluated, match="people have said 1 things since"):
        await local.switches.switch(LEAD, name)
    await compared(local, encoder_candidate(local.gloomy))
    assert (await local.switches.switch(LEAD, name)).number == 1


async def test_a_fiftieth_more_does_not(local: LearningScene) -> None:
    for number in range(50):
        await local.corrected(number, f"{number}号漏水")
    name = await compared(local, encoder_candidate(local.gloomy))
    await local.corrected(50, "漏油")
    assert (await local.switches.switch(LEAD, name)).number == 1


async def test_another_set_than_that_of_this_place(local: LearningScene) -> None:
    await local.corrected(1, "漏水")
    candidate = encoder_candidate(local.gloomy)
    await local.evaluator.evaluate(ANA, candidate, given=set_of([row("别处")]), tell=local.tell)
    with pytest.raises(NotEvaluated, match="not compared on what people have said here"):
        await local.switches.switch(LEAD, candidate.name)


async def test_what_was_erased_since_makes_it_another_set(local: LearningScene) -> None:
    await local.corrected(1, "漏水")
    await local.corrected(2, "漏油")
    name = await compared(local, encoder_candidate(local.gloomy))
    await local.store.mark_deleted([f"p{1:023d}"], at=NOON + timedelta(days=1))
    with pytest.raises(NotEvaluated, match="changed since"):
        await local.switches.switch(LEAD, name)


async def test_what_compared_nothing_is_no_comparison(local: LearningScene, tmp_path: Path) -> None:
    await local.corrected(1, "漏水")
    quieter = rules(tmp_path)
    await local.evaluator.evaluate(ANA, quieter, tell=local.tell)
    with pytest.raises(NotEvaluated, match="nothing was compared"):
        await local.switches.switch(BOSS, quieter.name)
    gloomy = encoder_candidate(local.gloomy)
    gathered = await local.gathering.gather()
    empty = next(part for part in Split if not gathered.of(part))
    await local.evaluator.evaluate(ANA, gloomy, split=empty, tell=local.tell)
    with pytest.raises(NotEvaluated, match="nothing was compared"):
        await local.switches.switch(BOSS, gloomy.name)


async def test_of_two_who_switch_at_once_the_second_compares_anew(
    scene: LearningScene, tmp_path: Path
) -> None:
    louder = await compared(scene, rules(tmp_path))
    gloomy = await compared(scene, encoder_candidate(scene.gloomy))
    found = await asyncio.gather(
        scene.switches.switch(BOSS, louder),
        scene.switches.switch(BOSS, gloomy),
        return_exceptions=True,
    )
    assert sorted(type(item).__name__ for item in found) == ["NotEvaluated", "Switch"]
    (refused,) = (item for item in found if isinstance(item, NotEvaluated))
    assert "switch 1 was made since" in refused.detail
    assert len(await scene.switches.history(BOSS)) == 1


async def test_what_was_taken_back_may_be_switched_to_again(local: LearningScene) -> None:
    name = await compared(local, encoder_candidate(local.gloomy))
    await local.switches.switch(LEAD, name)
    await local.switches.back(LEAD)
    assert (await local.switches.switch(LEAD, name)).number == 3


async def test_force_needs_a_reason_and_says_that_it_was_force(local: LearningScene) -> None:
    with pytest.raises(InvalidInput, match="a forced switch has a reason"):
        await local.switches.switch(LEAD, str(local.gloomy), force=True)
    with pytest.raises(InvalidInput, match="a forced switch has a reason"):
        await local.switches.switch(LEAD, str(local.gloomy), force=True, reason="\u200b")
    step = await local.switches.switch(LEAD, str(local.gloomy), force=True, reason="it burns")
    assert (step.forced, step.evaluation_id, step.reason) == (True, None, "it burns")


async def test_a_model_that_changed_in_its_folder(local: LearningScene) -> None:
    name = await compared(local, encoder_candidate(local.gloomy))
    write_tiny_model(local.gloomy, version="3")
    with pytest.raises(NotEvaluated, match="as it is now was never evaluated"):
        await local.switches.switch(LEAD, name)
    step = await local.switches.switch(LEAD, name, force=True, reason="the third is fine")
    assert step.evaluation_id is None
    assert step.name.startswith("tiny-3")


async def test_a_model_that_is_gone(local: LearningScene) -> None:
    name = await compared(local, encoder_candidate(local.gloomy))
    shutil.rmtree(local.gloomy)
    with pytest.raises(ModelMissing):
        await local.switches.switch(LEAD, name)


async def test_what_serves_already(local: LearningScene, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="serves already"):
        await local.switches.switch(LEAD, await compared(local, encoder_candidate(local.usual)))
    for candidate in (encoder_candidate(local.gloomy), words(), rules(tmp_path)):
        name = await compared(local, candidate)
        await local.switches.switch(BOSS, name)
        with pytest.raises(Conflict, match="already"):
            await local.switches.switch(BOSS, name)


async def test_back_undoes_no_work_of_others(local: LearningScene, tmp_path: Path) -> None:
    await local.switches.switch(BOSS, await compared(local, rules(tmp_path)))
    await local.rules.put(BOSS, "slow_burn", {"thresholds": {"negative_24h": 60}})
    with pytest.raises(Altered, match="slow_burn since switch 1"):
        await local.switches.back(BOSS)
    await local.rules.remove(BOSS, "slow_burn")
    await local.switches.switch(BOSS, await compared(local, words()))
    await local.lexicon.retire(BOSS, "lex_base_a", reason="too common")
    with pytest.raises(Altered, match="version 2, and switch 2 made 1"):
        await local.switches.back(BOSS)


async def test_a_model_goes_back_although_words_were_edited_since(local: LearningScene) -> None:
    await local.switches.switch(LEAD, await compared(local, encoder_candidate(local.gloomy)))
    await local.switches.switch(BOSS, await compared(local, words()))
    await local.lexicon.retire(BOSS, "lex_base_a", reason="too common")
    with pytest.raises(Altered):
        await local.switches.back(BOSS)
    undone = await local.switches.back(BOSS, kind=Kind.ENCODER)
    assert (undone.undoes, undone.after) == (1, None)
    with pytest.raises(NothingToUndo, match="of the encoder"):
        await local.switches.back(BOSS, kind=Kind.ENCODER)


async def test_the_same_model_in_another_folder(local: LearningScene) -> None:
    """The folder that was switched to is lost, and a copy lies elsewhere."""
    await local.switches.switch(LEAD, await compared(local, encoder_candidate(local.gloomy)))
    copy = local.gloomy.with_name("copy")
    local.gloomy.rename(copy)
    local.clock.step(minutes=1)
    await compared(local, encoder_candidate(copy))
    step = await local.switches.switch(LEAD, str(copy))
    assert step.after is not None
    assert step.after["place"] == str(copy)


async def test_a_refused_step_leaves_nothing(local: LearningScene) -> None:
    taken = lexicon_candidate(
        table_of([entry("偷工减料", id="lex_other", category="quality_defect")]).encode(),
        file=Path("taken.tsv"),
    )
    name = await compared(local, taken)
    with pytest.raises(InvalidInput):
        await local.switches.switch(BOSS, name)
    assert await local.switches.history(BOSS) == ()
    assert (await local.shelves.current()).number == 0


async def test_who_may_switch(local: LearningScene) -> None:
    name = await compared(local, encoder_candidate(local.gloomy))
    for who in (ANA, ANNA):
        with pytest.raises(Forbidden):
            await local.switches.switch(who, name)
        with pytest.raises(Forbidden):
            await local.switches.back(who)
    admin = person("admin", Role.ADMIN)
    await compared(local, words())
    with pytest.raises(Forbidden):
        await local.switches.switch(admin, words().name)


async def test_a_reason_has_bounds(local: LearningScene) -> None:
    with pytest.raises(InvalidInput, match="too long"):
        await local.switches.back(LEAD, reason="长" * 1_001)
