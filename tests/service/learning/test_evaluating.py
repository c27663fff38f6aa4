"""A candidate beside what serves: on what people said, and on stored history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.audit import AuditFilter, entries
from service.errors import Forbidden, InvalidInput
from service.learning import (
    Candidate,
    Evaluated,
    Span,
    Split,
    encoder_candidate,
    lexicon_candidate,
    rules_candidate,
    set_of,
)
from service.lexicon import table_of
from tests.service.learning.rows import outcome, row
from tests.service.lexicon.rows import entry
from tests.support.incident_scene import shipped_library
from tests.support.learning_scene import ANA, VIEWER, LearningScene


async def evaluated(scene: LearningScene, candidate: Candidate | None, **given: Any) -> Evaluated:
    return await scene.evaluator.evaluate(ANA, candidate, tell=scene.tell, **given)


async def test_what_a_model_mends_and_what_it_breaks(scene: LearningScene) -> None:
    await scene.corrected(1, "包装漏水了", label="negative")
    await scene.corrected(2, "明天再说", label="neutral")
    await scene.corrected(3, "好好好", label="positive")
    found = await evaluated(scene, encoder_candidate(scene.gloomy))
    told = found.result["heads"]["sentiment"]
    assert (told["serving"]["right"], told["candidate"]["right"]) == (2, 2)
    assert (told["mended"], told["broken"]) == (1, 1)
    shown = {item["text"]: item for item in found.result["examples"]}
    assert shown["包装漏水了"]["effect"] == "mended"
    assert (shown["明天再说"]["before"], shown["明天再说"]["after"]) == ("neutral", "negative")
    assert found.result["versions"]["serving"]["encoder"].startswith("tiny-1")
    assert found.result["versions"]["candidate"]["encoder"].startswith("tiny-2")


async def test_rows_of_a_lexicon_move_decisions(local: LearningScene) -> None:
    await local.ruled("快来上号刷单吧", block=True)
    await local.ruled("今天天气不错", block=False)
    word = entry("上号刷单", id="lex_new", category="fraud", severity="5", hits="快来上号刷单吧")
    candidate = lexicon_candidate(table_of([word]).encode(), file=Path("words.tsv"))
    found = await evaluated(local, candidate)
    decisions = found.result["decisions"]
    assert decisions["moved"] == 1
    assert {"before": "pass", "after": "block", "texts": 1} in decisions["texts"]
    head = found.result["heads"]["decision"]
    assert (head["serving"]["accuracy"], head["candidate"]["accuracy"]) == (0.5, 1.0)
    assert found.result["labels"]["candidate"]["f1"] is not None


async def test_it_is_remembered_with_its_set_and_audited(scene: LearningScene) -> None:
    await scene.corrected(1, "漏水")
    found = await evaluated(scene, encoder_candidate(scene.gloomy))
    (kept,) = await scene.evaluator.recent(VIEWER)
    assert kept.id == found.evaluation_id
    gathered = await scene.gathering.gather()
    assert (kept.set_sha256, kept.set_rows, kept.set_until) == (
        gathered.sha256,
        1,
        gathered.until,
    )
    assert kept.result["set"]["origins"] == {"correction": 1}
    assert all("text" not in item for item in kept.result["examples"])
    assert kept.candidate().name == encoder_candidate(scene.gloomy).name
    async with scene.database.read() as connection:
        (row,) = (await entries(connection, where=AuditFilter(action="model.evaluated"))).items
    assert (row.actor, row.data["evaluation"]) == (ANA.id, found.evaluation_id)


async def test_without_a_candidate_only_what_serves_is_scored(local: LearningScene) -> None:
    await local.corrected(1, "漏水")
    found = await evaluated(local, None)
    assert found.evaluation_id is None
    assert found.result["heads"]["sentiment"]["candidate"] is None
    assert await local.evaluator.recent(VIEWER) == ()


async def test_a_set_from_a_file_and_a_part_of_it(local: LearningScene) -> None:
    given = set_of(row(f"{number}漏", author=f"au{number}") for number in range(40))
    found = await evaluated(local, encoder_candidate(local.gloomy), given=given, split=Split.TEST)
    told = found.result["set"]
    assert told["sha256"] == given.sha256
    assert told["read"] == len(given.of(Split.TEST)) < told["rows"] == 40


async def test_rules_read_no_text(local: LearningScene, tmp_path: Path) -> None:
    await local.corrected(1, "漏水")
    file = tmp_path / "rules.yaml"
    file.write_text('rules: [{id: slow_burn, thresholds: {"negative_24h": 40}}]')
    found = await evaluated(local, rules_candidate(file))
    assert found.result["heads"]["sentiment"]["candidate"] is None
    assert found.result["decisions"]["moved"] == 0
    assert found.evaluation_id is not None


async def test_why_there_are_no_incidents_is_said(local: LearningScene) -> None:
    candidate = encoder_candidate(local.gloomy)
    unplayed = await evaluated(local, candidate)
    assert "as was asked" in unplayed.result["incidents_note"]
    empty = await evaluated(local, candidate, span=Span())
    assert "no stored post" in empty.result["incidents_note"]
    with pytest.raises(InvalidInput):
        await evaluated(local, candidate, span=Span(asked=True))


async def test_incidents_gained_and_lost(local: LearningScene) -> None:
    local.played.outcome = outcome(shipped_library())
    found = await evaluated(local, encoder_candidate(local.gloomy), span=Span())
    incidents = found.result["incidents"]["incidents"]
    assert [item["scenario"] for item in incidents["gained"]] == ["outage"]
    assert [item["scenario"] for item in incidents["lost"]] == ["pricing_refunds"]
    assert found.result["incidents_note"] is None
    assert ("reading", 1, 1) in local.told
    (kept,) = await local.evaluator.recent(VIEWER)
    assert "漏水的杯子" in str(incidents)
    assert "漏水的杯子" not in str(kept.result)


async def test_who_may_compare(local: LearningScene) -> None:
    with pytest.raises(Forbidden):
        await local.evaluator.evaluate(VIEWER, None, tell=local.tell)
