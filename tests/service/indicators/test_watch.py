"""The job: what crosses a threshold is noted once, and pages only where that was asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from service.auth import SYSTEM
from service.db import tables
from service.indicators import Crossing, IndicatorId, Levels, Measured, Threshold
from service.indicators.threshold import Level
from tests.support.indicator_scene import DAY, HOUR, IndicatorScene


async def crossings(
    scene: IndicatorScene, indicator: IndicatorId = IndicatorId.NEGATIVE_SHARE
) -> list[Crossing]:
    """Of one indicator, oldest first."""
    found = await scene.desk.crossings(SYSTEM)
    return [item for item in reversed(found.items) if item.indicator is indicator]


async def outbox(scene: IndicatorScene) -> list[Any]:
    async with scene.database.read() as connection:
        return list((await connection.execute(select(tables.outbox))).mappings())


async def negative_at(scene: IndicatorScene, *, alert: bool) -> None:
    await scene.desk.put(
        SYSTEM,
        "tea",
        Threshold(
            indicator=IndicatorId.NEGATIVE_SHARE,
            measured=Measured.VALUE,
            levels=Levels(yellow=0.3, orange=0.45, red=0.6),
            least=30,
            alert=alert,
        ),
    )


async def test_a_crossing_is_noted_once_and_pages_nobody(scene: IndicatorScene) -> None:
    await scene.posts(20, sentiment="negative")
    await scene.posts(20, sentiment="positive")
    await scene.posts(10)
    now = scene.clock.now()
    assert await scene.watch.run(now) == 1
    assert await scene.watch.run(now + HOUR) == 0
    (crossing,) = await crossings(scene)
    assert (crossing.monitor, crossing.indicator) == ("tea", IndicatorId.NEGATIVE_SHARE)
    assert (crossing.before, crossing.after) == (Level.NONE, Level.YELLOW)
    assert (crossing.value, crossing.n, crossing.paged) == (0.4, 50, False)
    assert crossing.window.until - crossing.window.since == DAY
    assert await outbox(scene) == []
    (watched,) = [
        item
        for item in await scene.desk.every(SYSTEM, "tea")
        if item.threshold.indicator is IndicatorId.NEGATIVE_SHARE
    ]
    assert watched.standing is not None
    assert (watched.standing.level, watched.standing.since) == (Level.YELLOW, now)
    assert watched.standing.looked_at == now + HOUR


async def test_with_alert_a_rise_pages_and_a_fall_does_not(scene: IndicatorScene) -> None:
    await negative_at(scene, alert=True)
    await scene.posts(40, sentiment="negative")
    now = scene.clock.now()
    await scene.watch.run(now)
    (row,) = await outbox(scene)
    assert (row["type"], row["tier_rank"], row["drill"]) == ("indicator.crossed", 3, 0)
    told = row["data"]["indicator"]
    assert (told["id"], told["monitor"], told["level"]) == ("negative_share", "tea", "red")
    await scene.watch.run(now + 3 * DAY)
    assert [item.after for item in await crossings(scene)] == [Level.RED, Level.NONE]
    assert len(await outbox(scene)) == 1


async def test_a_change_is_compared_with_the_window_before(scene: IndicatorScene) -> None:
    await scene.posts(40, ago=DAY + HOUR)
    await scene.posts(90)
    await scene.watch.run(scene.clock.now())
    (crossing,) = await crossings(scene, IndicatorId.VOLUME)
    assert (crossing.value, crossing.after) == (1.25, Level.YELLOW)


async def test_few_posts_cross_nothing(scene: IndicatorScene) -> None:
    await scene.posts(29, sentiment="negative", emotion="angry", intent="complaint")
    assert await scene.watch.run(scene.clock.now()) == 0


async def test_drills_never_count(scene: IndicatorScene) -> None:
    await scene.crisis(drill=True, acknowledged_after=timedelta(hours=9))
    assert await scene.watch.run(scene.clock.now()) == 0
    await scene.crisis(acknowledged_after=timedelta(hours=9))
    assert await scene.watch.run(scene.clock.now()) == 1


async def test_levels_of_a_deleted_monitor_are_forgotten(scene: IndicatorScene) -> None:
    await negative_at(scene, alert=True)
    await scene.posts(40, sentiment="negative")
    await scene.watch.run(scene.clock.now())
    await scene.monitors.delete(SYSTEM, "tea")
    await scene.watch.run(scene.clock.now())
    async with scene.database.read() as connection:
        for table in (tables.indicator_threshold, tables.indicator_level):
            rows = await connection.execute(select(table).where(table.c.monitor_id == "tea"))
            assert rows.first() is None
    assert len(await crossings(scene)) == 1


async def test_it_looks_every_hour(scene: IndicatorScene) -> None:
    due = await scene.watch.next_at()
    assert due == scene.clock.now() + timedelta(minutes=5)
    await scene.watch.run(scene.clock.now())
    assert await scene.watch.next_at() == scene.clock.now() + HOUR
