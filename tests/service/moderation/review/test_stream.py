"""What is put before a reviewer next."""

from __future__ import annotations

import asyncio

import pytest

from service.errors import Forbidden
from service.moderation.review import Line, ReviewStream, State
from service.moderation.review.stream import mine
from tests.support.review_scene import ANNA, BO, BOTH, EVE, LAW, LEAD, ReviewScene, case


async def file(scene: ReviewScene, count: int) -> None:
    for number in range(count):
        await scene.filed(case(f"文本{number}", item_id=str(number)))
        await scene.pass_time(seconds=1)


async def test_what_is_due_first_comes_first_and_is_claimed(scene: ReviewScene) -> None:
    await file(scene, 3)
    taken = await ReviewStream(scene.desk).take(ANNA, 2)
    assert [item.text for item in taken] == ["文本0", "文本1"]
    assert {item.holder for item in taken} == {ANNA.id}


async def test_two_reviewers_never_get_the_same_item(scene: ReviewScene) -> None:
    await file(scene, 30)
    stream = ReviewStream(scene.desk)
    for _ in range(5):
        first, second = await asyncio.gather(stream.take(ANNA, 3), stream.take(BO, 3))
        assert not {item.id for item in first} & {item.id for item in second}
        for item, who in [(item, ANNA) for item in first] + [(item, BO) for item in second]:
            await scene.decide(item, who)


async def test_ones_own_claims_come_back_and_skipped_ones_do_not(local: ReviewScene) -> None:
    await file(local, 3)
    stream = ReviewStream(local.desk)
    [first] = await stream.take(ANNA, 1)
    renewed, _ = await stream.take(ANNA, 2)
    assert renewed.id == first.id
    again = await stream.take(ANNA, 3, besides={first.id})
    assert first.id not in {item.id for item in again}
    assert len(again) == 2


async def test_a_second_opinion_is_never_asked_of_who_gave_the_first(local: ReviewScene) -> None:
    local.chance = 0.01
    await local.decide(await local.filed(), ANNA)
    stream = ReviewStream(local.desk)
    assert await stream.take(ANNA, 5) == ()
    [twin] = await stream.take(BO, 5)
    assert twin.is_opinion


async def test_each_gets_what_their_lines_decide(local: ReviewScene) -> None:
    await local.filed(case("一条", item_id="1"))
    advertisement = await local.filed(case("广告", item_id="2", kind="advertisement"))
    stream = ReviewStream(local.desk)
    assert [item.id for item in await stream.take(LAW, 5)] == [advertisement.id]
    assert [item.line for item in await stream.take(ANNA, 5)] == [Line.SECOND]
    assert await stream.take(EVE, 5, lines=[Line.THIRD]) == ()
    assert mine(BOTH) == (Line.SECOND, Line.THIRD)
    assert mine(LAW) == (Line.LEGAL,)
    with pytest.raises(Forbidden):
        await stream.take(LEAD, 1)


async def test_a_claim_that_ran_out_is_for_others(local: ReviewScene) -> None:
    item = await local.filed()
    stream = ReviewStream(local.desk)
    await stream.take(ANNA, 1)
    assert await stream.take(BO, 1) == ()
    await local.pass_time(minutes=16)
    [taken] = await stream.take(BO, 1)
    assert (taken.id, taken.state, taken.holder) == (item.id, State.CLAIMED, BO.id)
