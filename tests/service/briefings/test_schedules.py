"""What is due is prepared once, whoever was down, and whatever fails beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import time, timedelta, tzinfo
from typing import Any

import pytest
from sqlalchemy import update

from service.auth import SYSTEM, Principal
from service.briefings import (
    Briefing,
    BriefingFilter,
    BriefingPreparation,
    Kind,
    Preparation,
    Schedule,
    ScheduleDraft,
    next_due,
)
from service.briefings.preparing import Wanted
from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput
from service.monitors import BrandDraft
from tests.support.briefing_scene import ANALYST, LEAD, MORNING, VIEWER, BriefingScene


async def put(scene: BriefingScene, schedule_id: str = "morning", **changes: Any) -> Schedule:
    values: dict[str, Any] = {"name": "早报", "at": time(9), "monitors": ("tea",)}
    draft = ScheduleDraft(**{"id": schedule_id} | values | changes)
    return (await scene.schedules.put(ANALYST, draft)).item


async def run(scene: BriefingScene) -> int:
    return await scene.job.run(scene.clock.now())


async def nothing(wanted: Wanted) -> None:
    """Happens."""


def job(
    scene: BriefingScene, happens: Callable[[Wanted], Awaitable[object]] = nothing
) -> BriefingPreparation:
    """That of another process."""
    return BriefingPreparation(
        scene.container.database,
        scene.clock,
        schedules=scene.schedules,
        preparation=Beside(scene.container.briefings.preparation, happens),
        desk=scene.desk,
        owner="other",
    )


async def drafts(scene: BriefingScene) -> tuple[Briefing, ...]:
    return (await scene.desk.page(ANALYST, BriefingFilter()))[0]


async def test_a_daily_one_is_prepared_at_its_time_with_yesterday(scene: BriefingScene) -> None:
    item = await put(scene, channels=("chat",))
    assert next_due(item) == MORNING + timedelta(hours=1)
    assert await run(scene) == 0
    scene.clock.step(hours=1)

    assert await run(scene) == 1

    (made,) = await drafts(scene)
    assert (made.prepared_by, made.schedule_id, made.channels) == ("system", "morning", ("chat",))
    assert made.window.until == MORNING - timedelta(hours=8)
    assert made.due_at == MORNING + timedelta(hours=1)


async def test_a_weekly_one_is_of_the_week_that_is_over(scene: BriefingScene) -> None:
    await put(scene, kind=Kind.WEEKLY, weekday=1)
    scene.clock.step(days=2, hours=2)

    assert await run(scene) == 1

    (made,) = await drafts(scene)
    assert made.window.length == timedelta(days=7)
    assert made.window.until == MORNING + timedelta(hours=40)


async def test_what_was_missed_for_days_is_made_up_for_once(scene: BriefingScene) -> None:
    await put(scene)
    scene.clock.step(days=4, hours=2)

    assert await run(scene) == 1
    assert await run(scene) == 0
    assert [item.due_at for item in await drafts(scene)] == [MORNING + timedelta(days=4, hours=1)]


async def test_a_second_process_prepares_nothing_twice(scene: BriefingScene) -> None:
    await put(scene)
    scene.clock.step(hours=2)
    await run(scene)

    assert await job(scene).run(scene.clock.now()) == 0
    assert len(await drafts(scene)) == 1


async def test_the_same_time_has_one_briefing_even_where_the_mark_was_lost(
    scene: BriefingScene,
) -> None:
    await put(scene)
    scene.clock.step(hours=2)
    await run(scene)
    async with scene.container.database.write() as connection:
        await connection.execute(update(tables.briefing_schedule).values(counted_from=MORNING))

    assert await run(scene) == 0
    assert len(await drafts(scene)) == 1


async def test_one_that_fails_says_why_and_stops_no_other(scene: BriefingScene) -> None:
    await scene.container.brands.put(SYSTEM, BrandDraft(id="bare", name="裸"))
    await put(scene, "a-bare", brand="bare", monitors=())
    await put(scene, "b-fine")
    scene.clock.step(hours=2)

    assert await run(scene) == 1

    failed = await scene.schedules.get("a-bare")
    assert failed.problem is not None
    assert "no monitor" in failed.problem
    assert [item.schedule_id for item in await drafts(scene)] == ["b-fine"]


class Beside:
    """A preparation beside which something happens first."""

    def __init__(self, real: Preparation, happens: Callable[[Wanted], Awaitable[object]]) -> None:
        self._real = real
        self._happens = happens

    @property
    def zone(self) -> tzinfo:
        return self._real.zone

    async def prepared(self, principal: Principal, wanted: Wanted) -> Briefing:
        await self._happens(wanted)
        return await self._real.prepared(principal, wanted)


async def test_one_that_raises_stops_no_other_and_tells_nothing_of_the_inside(
    scene: BriefingScene,
) -> None:
    async def breaks(wanted: Wanted) -> None:
        if wanted.schedule_id == "a-broken":
            raise RuntimeError("postgres://fengsui:hunter2@db went away")

    await put(scene, "a-broken")
    await put(scene, "b-fine")
    scene.clock.step(hours=2)

    assert await job(scene, breaks).run(scene.clock.now()) == 1
    assert (await scene.schedules.get("a-broken")).problem == "it failed: see the log"


async def test_another_time_that_is_said_meanwhile_counts_from_then_on(
    scene: BriefingScene,
) -> None:
    async def is_put_off(wanted: Wanted) -> None:
        scene.clock.step(minutes=1)
        await put(scene, at=time(9, 30))

    await put(scene)
    scene.clock.step(hours=2)

    assert await job(scene, is_put_off).run(scene.clock.now()) == 1
    assert await run(scene) == 0


async def test_one_that_failed_is_tried_again(scene: BriefingScene) -> None:
    await scene.container.brands.put(SYSTEM, BrandDraft(id="bare", name="裸"))
    await put(scene, brand="bare", monitors=())
    scene.clock.step(hours=2)
    await run(scene)
    await put(scene, brand=None)
    scene.clock.step(minutes=5)
    assert await run(scene) == 0
    scene.clock.step(minutes=15)

    assert await run(scene) == 1
    assert (await scene.schedules.get("morning")).problem is None


async def test_another_time_counts_from_now_on(scene: BriefingScene) -> None:
    await put(scene)
    scene.clock.step(hours=2)
    await put(scene, at=time(8, 30))

    assert await run(scene) == 0


async def test_another_name_takes_nothing_that_is_due(scene: BriefingScene) -> None:
    await put(scene)
    scene.clock.step(hours=2)
    await put(scene, name="晨报")

    assert await run(scene) == 1


async def test_one_that_is_off_is_never_due(scene: BriefingScene) -> None:
    item = await put(scene, enabled=False)
    scene.clock.step(days=2)

    assert next_due(item) is None
    assert await run(scene) == 0


async def test_every_mistake_of_a_schedule_is_named(scene: BriefingScene) -> None:
    with pytest.raises(InvalidInput) as refused:
        await put(
            scene,
            name=" ",
            kind=Kind.SPECIAL,
            weekday=8,
            zone="Mars/Base",
            brand="none",
            monitors=("none",),
            channels=("none",),
        )
    assert [path for path, _ in refused.value.errors] == [
        *("name", "kind", "weekday", "zone", "brand", "monitors", "channels")
    ]


async def test_writers_keep_schedules_and_others_do_not(scene: BriefingScene) -> None:
    item = await put(scene)
    with pytest.raises(Forbidden):
        await scene.schedules.put(VIEWER, ScheduleDraft(id="x", name="x"))
    with pytest.raises(Conflict, match="at version 1, not 7"):
        await scene.schedules.delete(LEAD, item.id, version=7)
    await scene.schedules.delete(LEAD, item.id, version=1)
    assert await scene.schedules.every() == ()


async def test_the_job_is_among_the_upkeep(scene: BriefingScene) -> None:
    assert scene.job in scene.container.upkeep
    assert await scene.job.next_at() == scene.clock.now()
