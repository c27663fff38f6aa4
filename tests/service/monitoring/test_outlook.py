"""A monitor that lives on a feed which cannot be seen is blind, and its quiet is no calm."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from service.coverage import Cause, Condition, Sight, repository
from service.db import tables
from service.incidents import Incident
from service.jobs import advance
from service.monitoring.baseline import Baselines
from service.monitoring.situation import Situations
from tests.support.clock import SteppingClock
from tests.support.watch_scene import WatchScene, complaint, open_watch

DARK = Cause.FETCH_FAILED


@pytest.fixture
async def scene(tmp_path: Path, clock: SteppingClock) -> AsyncIterator[WatchScene]:
    async with open_watch(tmp_path, clock) as opened:
        yield opened


async def darken(scene: WatchScene, feed_id: str, sight: Sight = Sight.BLOCKED) -> None:
    """Say that a feed cannot be seen, or (ok) that it can."""
    condition = Condition(
        sight=sight,
        since=scene.clock.now(),
        cause=DARK,
        detail="HTTP 403",
        dark=sight is not Sight.OK,
    )
    async with scene.container.database.write() as connection:
        await repository.save_condition(connection, feed_id, condition)


async def burn(scene: WatchScene) -> Incident:
    """A burst of complaints on weibo, and the incident that it opens."""
    await scene.say(*(complaint(number) for number in range(40)))
    await scene.wait(minutes=2)
    (incident,) = await scene.incidents()
    return incident


async def test_every_feed_is_seen_at_first(scene: WatchScene) -> None:
    await scene.say(complaint(1))
    assert await scene.container.outlook.dark_feeds("tea", scene.clock.now()) == ()


async def test_a_feed_that_brings_its_posts_blinds_a_monitor(scene: WatchScene) -> None:
    await scene.say(complaint(1), complaint(2))
    await darken(scene, "push:weibo")
    (feed,) = await scene.container.outlook.dark_feeds("tea", scene.clock.now())
    assert feed.name == "weibo"


async def test_a_feed_that_has_been_dark_for_weeks_blinds_it_still(scene: WatchScene) -> None:
    await scene.say(complaint(1), complaint(2))
    await darken(scene, "push:weibo")
    later = scene.clock.now() + timedelta(days=20)
    (feed,) = await scene.container.outlook.dark_feeds("tea", later)
    assert feed.name == "weibo"


async def test_a_feed_that_brings_hardly_any_does_not(scene: WatchScene) -> None:
    await scene.say(*(complaint(number) for number in range(12)))
    await scene.arrive([scene.post(scene.clock.now(), complaint(50), source="forum")])
    await darken(scene, "push:forum")
    assert await scene.container.outlook.dark_feeds("tea", scene.clock.now()) == ()


async def test_a_crisis_calms_down_when_its_feed_is_seen(scene: WatchScene) -> None:
    incident = await burn(scene)
    await scene.wait(hours=8)
    (later,) = await scene.incidents()
    assert (later.id, later.contained_at is not None) == (incident.id, True)


async def test_nobody_is_told_of_calm_while_its_feed_is_dark(scene: WatchScene) -> None:
    await burn(scene)
    await darken(scene, "push:weibo")
    await scene.wait(hours=8)
    (blind,) = await scene.incidents()
    assert (blind.contained_at, blind.inside_since) == (None, None)
    async with scene.container.database.read() as connection:
        told = {row.type for row in await connection.execute(tables.outbox.select())}
    assert "incident.cleared" not in told

    await darken(scene, "push:weibo", Sight.OK)
    await advance(scene.clock, scene.container.line, scene.clock.now() + timedelta(hours=3))
    (seen,) = await scene.incidents()
    assert seen.contained_at is None, "the four hours begin anew"
    await scene.wait(hours=3)
    (calm,) = await scene.incidents()
    assert calm.contained_at is not None


async def test_rules_may_read_how_many_sources_are_dark(scene: WatchScene) -> None:
    await scene.say(complaint(1), complaint(2))
    here, now = scene.container, scene.clock.now()
    baselines = Baselines(here.store, here.settings.zone)
    tea = here.directory.monitors["tea"]
    told = []
    for outlook in (None, here.outlook):
        situations = Situations(
            store=here.store, baselines=baselines, library=lambda: here.library, outlook=outlook
        )
        for sight in (Sight.OK, Sight.BLOCKED):
            await darken(scene, "push:weibo", sight)
            hour = await situations.hour("tea", now)
            views = await situations.look(tea, hour=hour, standings={}, since=now, now=now)
            told.append({view.facts.get("sources_dark") for view in views})
    assert told == [{None}, {None}, {0}, {1}]
