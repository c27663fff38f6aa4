"""The dot on every page: how well the sources are seen, in one word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.console.health import Health, HealthWatch
from service.coverage import Cause, Condition, Feed, Sight
from service.coverage.canary import CanaryState
from service.coverage.objectives import Objective, ObjectiveName
from service.coverage.overview import Coverage, Overview
from tests.support.clock import START
from tests.support.console_scene import ConsoleScene, open_console


class Seen(Coverage):
    """Coverage that answers what it is told."""

    def __init__(self, overview: Overview) -> None:
        self.answer = overview
        self.asked = 0

    async def overview(self) -> Overview:
        self.asked += 1
        return self.answer


def feed(sight: Sight) -> Feed:
    condition = Condition(sight=sight, since=START, cause=Cause.POSTS_ARRIVE, detail="")
    return Feed(
        id="weibo",
        pushed=False,
        platforms=("weibo",),
        channels=(),
        known_since=START,
        last_post_at=None,
        last_pull_at=None,
        condition=condition,
    )


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[ConsoleScene]:
    async with open_console(tmp_path) as opened:
        yield opened


@pytest.fixture
async def calm(scene: ConsoleScene) -> Overview:
    return await scene.container.coverage.overview()


@pytest.mark.parametrize(
    ("sight", "expected"),
    [
        (Sight.OK, Health.FINE),
        (Sight.OK_EMPTY, Health.FINE),
        (Sight.PAUSED, Health.FINE),
        (Sight.QUIET, Health.BLIND),
        (Sight.BLOCKED, Health.BLIND),
        (Sight.FAILING, Health.BLIND),
    ],
)
async def test_a_source_that_is_not_seen_makes_it_blind(
    scene: ConsoleScene, calm: Overview, sight: Sight, expected: Health
):
    seen = Seen(replace(calm, feeds=(feed(sight), feed(Sight.OK))))
    assert await HealthWatch(seen, scene.clock).now() is expected


async def test_a_missed_objective_or_a_late_canary_makes_it_late(
    scene: ConsoleScene, calm: Overview
):
    missed = Objective(name=ObjectiveName.CLEANING, target=0.99, share=0.5, cases=100)
    standing = replace(calm.standing, objectives=(missed,))
    assert await HealthWatch(Seen(replace(calm, standing=standing)), scene.clock).now() is (
        Health.LATE
    )
    canary = CanaryState(first_seen_at=calm.at - timedelta(hours=1))
    assert await HealthWatch(Seen(replace(calm, canary=canary)), scene.clock).now() is Health.LATE


async def test_many_pages_ask_once_in_a_quarter_minute(scene: ConsoleScene, calm: Overview):
    seen = Seen(calm)
    watch = HealthWatch(seen, scene.clock)
    for _ in range(5):
        await watch.now()
    assert seen.asked == 1
    scene.clock.step(seconds=16)
    await watch.now()
    assert seen.asked == 2
