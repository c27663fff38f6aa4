"""How it stands with what a page is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from service.bootstrap.standings import StandingsNow
from service.coverage import repository as feeds
from service.coverage.condition import Sight
from service.db import Database
from service.delivery.channels.alerts import Standing
from service.incidents.lifecycle import Action
from tests.support.clock import SteppingClock
from tests.support.oncall_scene import OncallScene


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock, tmp_path: Path) -> OncallScene:
    return OncallScene(sqlite_database, clock, tmp_path)


@pytest.mark.parametrize(
    ("actions", "standing"),
    [
        ((), Standing.WAITING),
        ((Action.ACKNOWLEDGE,), Standing.HELD),
        ((Action.ACKNOWLEDGE, Action.RESPOND), Standing.HELD),
        ((Action.ACKNOWLEDGE, Action.RESOLVE), Standing.OVER),
        ((Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE), Standing.OVER),
        ((Action.MARK_FALSE_POSITIVE,), Standing.OVER),
    ],
)
async def test_an_incident_stands_as_its_state_and_its_escalation_say(
    local: OncallScene, actions: tuple[Action, ...], standing: Standing
) -> None:
    incident = await local.open("red")
    await local.act(incident.id, *actions)
    assert await StandingsNow(local.database).incident(incident.id) is standing


async def test_what_nobody_has_any_more_has_lapsed(local: OncallScene) -> None:
    incident = await local.open("red")
    await local.act(incident.id, Action.ACKNOWLEDGE)
    await local.pass_time(minutes=25)
    assert await StandingsNow(local.database).incident(incident.id) is Standing.LAPSED


async def test_of_no_incident_nothing_is_known(local: OncallScene) -> None:
    assert await StandingsNow(local.database).incident("inc_gone") is None


async def dark(database: Database, now: datetime) -> None:
    async with database.write() as connection:
        await feeds.make_known(connection, "weibo", pushed=False, now=now)
        feed = await feeds.feed(connection, "weibo")
        assert feed is not None
        lost = replace(feed.condition, sight=Sight.BLOCKED, dark=True)
        await feeds.save_condition(connection, "weibo", lost)


async def test_a_feed_is_over_when_it_is_seen_again_or_gone(
    sqlite_database: Database, clock: SteppingClock
) -> None:
    now, standings = clock.now(), StandingsNow(sqlite_database)
    assert await standings.feed("weibo") is Standing.OVER
    await dark(sqlite_database, now)
    assert await standings.feed("weibo") is Standing.WAITING
    async with sqlite_database.write() as connection:
        await feeds.forget_feed(connection, "weibo", now=now)
    assert await standings.feed("weibo") is Standing.OVER
