"""A user's appeal: once, to the next line, and only against a block."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.auth import Principal, PrincipalKind, Role
from service.db import tables
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from service.moderation.review import Line, Origin, ReviewItem, Ruling, State
from tests.support.review_scene import (
    ANNA,
    BLOCK,
    EVE,
    GATEWAY,
    LEAD,
    PASS,
    ReviewScene,
    case,
)

OTHER = Principal(
    id="key_other",
    kind=PrincipalKind.KEY,
    name="other",
    roles=frozenset({Role.CLASSIFIER}),
    monitors=None,
)
WORDS = "我是在提醒大家别上当"


async def blocked(scene: ReviewScene) -> ReviewItem:
    item = await scene.filed(case(author="au_1", hold_id="hold_1", held=True))
    return await scene.decide(item, ANNA, BLOCK)


async def against(scene: ReviewScene, text: str = "加微信领红包", **given: str) -> ReviewItem:
    values = {"item_id": "42", "kind": "post", "words": WORDS} | given
    return await scene.appeals.against_machine(GATEWAY, text=text, **values)


async def test_an_appeal_goes_to_the_panel_with_the_users_words(scene: ReviewScene) -> None:
    item = await blocked(scene)
    scene.clock.step(hours=3)
    heard = await scene.appeals.against_verdict(GATEWAY, item.id, words=f" {WORDS} ")
    assert (heard.line, heard.state, heard.ruling) == (Line.THIRD, State.PENDING, Ruling.BLOCK)
    assert (heard.appeal_words, heard.appealed_by) == (WORDS, GATEWAY.id)
    assert heard.due_at == scene.clock.now() + timedelta(hours=24)
    assert (await scene.kinds(item.id))[-1] == "appealed"
    audited = await scene.rows(tables.audit_entry)
    assert WORDS not in str([row.data for row in audited])


async def test_an_appeal_that_is_won_turns_everything_round(scene: ReviewScene) -> None:
    item = await blocked(scene)
    await scene.appeals.against_verdict(GATEWAY, item.id, words=WORDS)
    scene.clock.step(minutes=1)
    decided = await scene.decide(item, EVE, PASS)
    assert decided.ruling is Ruling.PASS
    assert scene.heard.holds == [("hold_1", Ruling.BLOCK), ("hold_1", Ruling.PASS)]
    assert scene.heard.authors == [("au_1", Ruling.BLOCK, False), ("au_1", Ruling.PASS, True)]
    told = (await scene.outbox())[-1]
    assert (told["verdict"], told["line"], told["appealed"]) == ("pass", "third", True)
    assert told["appealable"] is False


async def test_a_block_that_is_upheld_counts_once_against_the_author(scene: ReviewScene) -> None:
    item = await blocked(scene)
    await scene.appeals.against_verdict(GATEWAY, item.id, words=WORDS)
    await scene.decide(item, EVE, BLOCK)
    assert scene.heard.authors == [("au_1", Ruling.BLOCK, False)]
    with pytest.raises(IllegalTransition, match="before"):
        await scene.appeals.against_verdict(GATEWAY, item.id, words=WORDS)


async def test_what_waits_or_passed_takes_no_appeal(local: ReviewScene) -> None:
    item = await local.filed()
    with pytest.raises(IllegalTransition, match="pending"):
        await local.appeals.against_verdict(GATEWAY, item.id, words=WORDS)
    await local.decide(item, ANNA, PASS)
    with pytest.raises(IllegalTransition, match="passed"):
        await local.appeals.against_verdict(GATEWAY, item.id, words=WORDS)


async def test_a_key_appeals_for_its_own_texts_only(local: ReviewScene) -> None:
    item = await blocked(local)
    with pytest.raises(NotFound):
        await local.appeals.against_verdict(OTHER, item.id, words=WORDS)
    with pytest.raises(Forbidden):
        await local.appeals.against_verdict(ANNA, item.id, words=WORDS)
    assert (await local.appeals.against_verdict(LEAD, item.id, words=WORDS)).appealed_by == LEAD.id


async def test_an_older_version_is_refused(local: ReviewScene) -> None:
    item = await blocked(local)
    with pytest.raises(Conflict, match="since version 1"):
        await local.appeals.against_verdict(GATEWAY, item.id, words=WORDS, version=1)
    heard = await local.appeals.against_verdict(GATEWAY, item.id, words=WORDS, version=item.version)
    assert heard.line is Line.THIRD


@pytest.mark.parametrize("words", ["", "  ", "长" * 5001])
async def test_an_appeal_has_words_within_bounds(local: ReviewScene, words: str) -> None:
    item = await blocked(local)
    with pytest.raises(InvalidInput, match="words"):
        await local.appeals.against_verdict(GATEWAY, item.id, words=words)


async def test_a_block_of_the_machine_comes_before_the_second_line(scene: ReviewScene) -> None:
    item = await against(scene)
    assert (item.line, item.origin, item.suggestion) == (Line.SECOND, Origin.APPEAL, "block")
    assert (item.appeal_words, item.caller) == (WORDS, GATEWAY.id)
    assert item.due_at == scene.clock.now() + timedelta(hours=24)
    assert await scene.kinds(item.id) == ["filed", "appealed"]
    await scene.decide(item, ANNA, BLOCK)
    with pytest.raises(IllegalTransition, match="before"):
        await against(scene)


async def test_a_text_that_people_know_is_appealed_as_theirs(scene: ReviewScene) -> None:
    item = await blocked(scene)
    heard = await against(scene)
    assert (heard.id, heard.line) == (item.id, Line.THIRD)


async def test_an_advertisement_is_heard_by_lawyers(local: ReviewScene) -> None:
    assert (await against(local, kind="advertisement")).line is Line.LEGAL
