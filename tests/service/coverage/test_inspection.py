"""The inspection: samples are compared, objectives become alarms, and both are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prometheus_client import REGISTRY

from crawlers import Outcome
from service.coverage import CoverageInspection, repository
from service.coverage.repository import FeedHour
from service.db import tables
from service.stores import StoredPost
from tests.support.coverage_scene import CoverageScene


class EmptyShelf:
    async def get_many(self, post_ids: Sequence[str]) -> Mapping[str, StoredPost]:
        return {}


def inspection_of(scene: CoverageScene) -> CoverageInspection:
    store: Any = EmptyShelf()
    return CoverageInspection(
        database=scene.database, store=store, clock=scene.clock, schedules=scene.planned
    )


def alarm(objective: str) -> float | None:
    return REGISTRY.get_sample_value("fengsui_objective_missed", {"objective": objective})


async def test_due_samples_are_compared_and_settled(local: CoverageScene) -> None:
    await local.post(1)
    inspection = inspection_of(local)
    assert await inspection.run(local.clock.now()) == 0
    local.clock.step(minutes=11)
    assert await inspection.run(local.clock.now()) == 1
    assert await inspection.run(local.clock.now()) == 0
    (sample,) = await local.rows(tables.post_sample)
    assert sample["wrong"] == ["missing"]


async def test_a_missed_objective_raises_its_alarm_and_a_kept_one_lowers_it(
    local: CoverageScene,
) -> None:
    local.source("news")
    inspection = inspection_of(local)
    await local.pull("news", Outcome.BLOCKED)
    async with local.database.write() as connection:
        hour = FeedHour(feed_id="news", hour=local.clock.now(), due=999, collected=990)
        await repository.add_hour(connection, hour)
    await inspection.run(local.clock.now())
    assert alarm("collection") == 1.0
    local.clock.step(hours=25)
    local.source("news")
    await local.pull("news")
    await inspection.run(local.clock.now())
    assert alarm("collection") == 0.0


async def test_it_is_due_every_five_minutes(local: CoverageScene) -> None:
    inspection = inspection_of(local)
    assert await inspection.next_at() == local.clock.now()
    await inspection.run(local.clock.now())
    wait = (await inspection.next_at() or local.clock.now()) - local.clock.now()
    assert wait.total_seconds() == 300
