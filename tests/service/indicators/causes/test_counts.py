"""How often causes are named."""

from __future__ import annotations

import pytest

from nlp.causes import load_causes
from service.auth import SYSTEM
from service.errors import NotFound
from service.indicators import Window
from service.indicators.causes import Causes
from tests.support.clock import START
from tests.support.indicator_scene import DAY, HOUR, IndicatorScene

WEEK = Window(since=START - 7 * DAY, until=START)
LATE, SLOW_REFUND = "外卖超时一个小时", "退款拖了半个月还没到账"


def causes(scene: IndicatorScene, *, most: int = 20_000) -> Causes:
    return Causes(
        store=scene.store, surroundings=scene.surroundings, finder=load_causes(), most=most
    )


async def test_posts_authors_and_complaints_of_each_cause(scene: IndicatorScene) -> None:
    await scene.posts(3, text=LATE, author="au_a", intent="complaint")
    await scene.posts(2, text=f"{LATE}，{SLOW_REFUND}", author="au_b")
    await scene.posts(1, text=SLOW_REFUND)
    await scene.posts(4)
    found = await causes(scene).counted(SYSTEM, "tea", WEEK)
    assert [
        (item.cause.id, item.posts, item.share, item.authors, item.complaints)
        for item in found.items
    ] == [("late_delivery", 5, 0.5, 2, 3), ("refund_slow", 3, 0.3, 1, 0)]
    assert (found.posts, found.read, found.named) == (10, 10, 6)
    assert found.version == load_causes().version


async def test_causes_of_one_scenario(scene: IndicatorScene) -> None:
    await scene.posts(2, text=f"{LATE}，{SLOW_REFUND}")
    await scene.posts(1, text=LATE)
    found = await causes(scene).counted(SYSTEM, "tea", WEEK, scenario="pricing_refunds")
    assert [(item.cause.id, item.posts) for item in found.items] == [("refund_slow", 2)]
    assert found.named == 2


async def test_a_title_names_a_cause_too(scene: IndicatorScene) -> None:
    await scene.posts(1, title=LATE, text="气死我了")
    found = await causes(scene).counted(SYSTEM, "tea", WEEK)
    assert [item.cause.id for item in found.items] == ["late_delivery"]


async def test_a_spared_monitor_has_no_complaint(scene: IndicatorScene) -> None:
    await scene.posts(1, text=LATE, intent="complaint", spared=("tea",))
    (item,) = (await causes(scene).counted(SYSTEM, "tea", WEEK)).items
    assert (item.posts, item.complaints) == (1, 0)


async def test_how_many_were_read_is_said(scene: IndicatorScene) -> None:
    for number in range(20):
        await scene.posts(2, ago=(number + 1) * HOUR, text=LATE)
    found = await causes(scene, most=10).counted(SYSTEM, "tea", WEEK)
    assert (found.posts, found.read) == (40, 10)
    assert found.items[0].share == 1


async def test_nothing_is_no_cause(scene: IndicatorScene) -> None:
    found = await causes(scene).counted(SYSTEM, "tea", WEEK)
    assert (found.posts, found.read, found.items) == (0, 0, ())


async def test_an_unknown_monitor_is_refused(scene: IndicatorScene) -> None:
    with pytest.raises(NotFound):
        await causes(scene).counted(SYSTEM, "nobody", WEEK)
