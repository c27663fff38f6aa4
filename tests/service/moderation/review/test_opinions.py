"""Second opinions are blind, decide nothing, and end by themselves."""

from __future__ import annotations

import pytest

from service.db import tables
from service.errors import Conflict, Forbidden, NotFound
from service.moderation.review import ItemFilter, ReviewItem, Ruling, State
from tests.support.review_scene import (
    ANNA,
    BLOCK,
    BO,
    EVE,
    GATEWAY,
    LEAD,
    PASS,
    ReviewScene,
    case,
)


async def asked(scene: ReviewScene) -> tuple[ReviewItem, ReviewItem]:
    """(decided item, its twin)."""
    scene.chance = 0.01
    item = await scene.filed(case(hold_id="hold_1", held=True, author="au_1"))
    item = await scene.decide(item, ANNA, BLOCK)
    (twin,) = await scene.desk.page(BO, ItemFilter(states=(State.PENDING,)))
    return item, twin


async def test_most_verdicts_are_not_asked_again(scene: ReviewScene) -> None:
    await scene.decide(await scene.filed(), ANNA, BLOCK)
    assert await scene.desk.page(BO, ItemFilter(states=(State.PENDING,))) == ()


async def test_a_twin_looks_like_any_item(scene: ReviewScene) -> None:
    item, twin = await asked(scene)
    assert twin.id != item.id
    assert (twin.text, twin.labels, twin.origin) == (item.text, item.labels, item.origin)
    assert (twin.ruling, twin.hold_id, twin.decided_at) == (None, None, None)
    assert await scene.kinds(twin.id) == ["filed"]


async def test_the_second_reader_does_not_see_the_first_verdict(scene: ReviewScene) -> None:
    item, twin = await asked(scene)
    file = await scene.desk.file(BO, item.id)
    assert (file.item.ruling, file.verdicts) == (None, ())
    assert "decided" not in [event.kind for event in file.history]
    (listed,) = await scene.desk.page(BO, ItemFilter(states=(State.DECIDED,)))
    assert listed.ruling is None
    for knows in (ANNA, LEAD):
        assert (await scene.desk.file(knows, item.id)).item.ruling is Ruling.BLOCK
    await scene.decide(twin, BO, PASS)
    assert (await scene.desk.file(BO, item.id)).item.ruling is Ruling.BLOCK


async def test_whoever_holds_an_appeal_sees_what_it_is_against(scene: ReviewScene) -> None:
    item, _ = await asked(scene)
    await scene.appeals.against_verdict(GATEWAY, item.id, words="冤枉")
    assert (await scene.desk.file(EVE, item.id)).verdicts == ()
    await scene.desk.claim(EVE, item.id)
    assert len((await scene.desk.file(EVE, item.id)).verdicts) == 1


async def test_the_first_reader_is_not_the_second(scene: ReviewScene) -> None:
    _, twin = await asked(scene)
    with pytest.raises(Forbidden, match="opinion"):
        await scene.desk.claim(ANNA, twin.id)


async def test_nothing_follows_from_a_second_opinion(scene: ReviewScene) -> None:
    _, twin = await asked(scene)
    told, holds, authors = await scene.outbox(), [*scene.heard.holds], [*scene.heard.authors]
    decided = await scene.decide(twin, BO, PASS)
    assert decided.ruling is Ruling.PASS
    assert await scene.outbox() == told
    assert (scene.heard.holds, scene.heard.authors) == (holds, authors)
    assert len(await scene.rows(tables.review_item)) == 2


async def test_a_second_opinion_is_neither_passed_on_nor_appealed(local: ReviewScene) -> None:
    _, twin = await asked(local)
    await local.desk.claim(BO, twin.id)
    with pytest.raises(Conflict, match="no further"):
        await local.desk.escalate(BO, twin.id, reason="unsure")
    await local.desk.decide(BO, twin.id, BLOCK)
    with pytest.raises(NotFound):
        await local.appeals.against_verdict(GATEWAY, twin.id, words="冤枉")


async def test_what_nobody_gives_in_time_is_withdrawn(scene: ReviewScene) -> None:
    item, twin = await asked(scene)
    await scene.pass_time(hours=24)
    assert (await scene.item(twin.id)).state is State.WITHDRAWN
    assert await scene.kinds(twin.id) == ["filed", "withdrawn"]
    assert (await scene.desk.file(BO, item.id)).item.ruling is Ruling.BLOCK
    assert scene.heard.backlogs == []
