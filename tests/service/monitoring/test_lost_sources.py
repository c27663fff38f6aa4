"""A feed that cannot be seen: one incident, which rises with its weight and time, and ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.coverage import Alarm, Cause, Condition, Loss, Sight
from service.db import Database, tables
from service.incidents import Action, Kind, State
from service.monitoring.lost_sources import LostSources, rank_of, subject_of
from tests.support.clock import START, SteppingClock
from tests.support.coverage_scene import FEED
from tests.support.incident_scene import VIEWER, IncidentScene

BLOCKED = Condition(
    sight=Sight.BLOCKED, since=START, cause=Cause.REFUSED, detail="HTTP 403", dark=True
)
LOSS = Loss(feed=FEED, condition=BLOCKED, share=0.1, others_seen=True)
BACK = Condition(sight=Sight.OK, since=START, cause=Cause.POSTS_ARRIVE, detail="posts arrive")


class LostScene(IncidentScene):
    """Incidents, and the door through which lost feeds come in."""

    def __init__(self, database: Database, clock: SteppingClock) -> None:
        super().__init__(database, clock)
        self.sources = LostSources(incidents=self.incidents, tiers=self.library.tiers.ids)

    async def lose(self, loss: Loss = LOSS) -> Alarm:
        async with self.database.write() as connection:
            return await self.sources.lost(connection, loss, now=self.clock.now())

    async def restore(self) -> Alarm | None:
        async with self.database.write() as connection:
            return await self.sources.restored(connection, FEED, BACK, now=self.clock.now())


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> LostScene:
    return LostScene(database, clock)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock) -> LostScene:
    return LostScene(sqlite_database, clock)


async def test_it_opens_with_its_reasons_and_its_playbook(scene: LostScene) -> None:
    alarm = await scene.lose()
    incident = await scene.get(alarm.incident_id)
    assert (incident.kind, incident.tier, incident.title) == (
        Kind.COVERAGE, "yellow", "信源失联：news",
    )  # fmt: skip
    assert [(item["clause"], item["value"]) for item in incident.reasons] == [
        ("refused", "HTTP 403"),
        ("blind_for_s", 0.0),
        ("share_of_posts", 0.1),
    ]
    due = await scene.due_times(incident.id)
    assert due["source_restored"] == incident.opened_at + timedelta(hours=24)


async def test_everyone_who_reads_incidents_sees_it(local: LostScene) -> None:
    alarm = await local.lose()
    assert (await local.desk.file(VIEWER, alarm.incident_id)).incident.state is State.NEW


async def test_losing_it_again_changes_nothing(scene: LostScene) -> None:
    first = await scene.lose()
    before = await scene.footprint()
    scene.clock.step(minutes=15)
    assert await scene.lose() == first
    assert await scene.footprint() == before


@pytest.mark.parametrize(
    ("loss", "hours", "rank"),
    [
        (LOSS, 0, 1),
        (LOSS, 4, 2),
        (replace(LOSS, share=0.5), 0, 2),
        (replace(LOSS, others_seen=False), 0, 3),
    ],
)
def test_its_rank_is_by_weight_time_and_what_is_left(loss: Loss, hours: int, rank: int) -> None:
    assert rank_of(loss, tiers=3, now=START + timedelta(hours=hours)) == rank


async def test_it_rises_with_time_and_never_falls(local: LostScene) -> None:
    alarm = await local.lose()
    local.clock.step(hours=5)
    raised = await local.lose()
    assert (raised.incident_id, raised.tier_rank) == (alarm.incident_id, 2)
    await local.lose(replace(LOSS, condition=replace(BLOCKED, since=local.clock.now())))
    assert (await local.get(alarm.incident_id)).tier == "orange"


async def test_it_is_resolved_when_the_feed_is_back_though_nobody_had_seen_it(
    scene: LostScene,
) -> None:
    alarm = await scene.lose()
    scene.clock.step(minutes=40)
    assert await scene.restore() == alarm
    incident = await scene.get(alarm.incident_id)
    assert (incident.state, incident.acknowledged_by) == (State.RESOLVED, "system")
    assert (await scene.steps(alarm.incident_id))["source_restored"].state == "done"
    assert "feed_restored" in await scene.kinds()


async def test_who_has_taken_it_keeps_it(local: LostScene) -> None:
    alarm = await local.lose()
    await local.act(alarm.incident_id, Action.ACKNOWLEDGE, Action.RESPOND)
    await local.restore()
    incident = await local.get(alarm.incident_id)
    assert (incident.state, incident.assignee) == (State.RESOLVED, "usr_lin")


async def test_a_return_without_an_incident_is_nothing(local: LostScene) -> None:
    assert await local.restore() is None
    alarm = await local.lose()
    await local.restore()
    assert await local.restore() is None
    assert (await local.get(alarm.incident_id)).state is State.RESOLVED


async def test_lost_again_within_the_hour_it_is_the_same_incident(local: LostScene) -> None:
    alarm = await local.lose()
    await local.restore()
    local.clock.step(minutes=59)
    again = await local.lose()
    incident = await local.get(again.incident_id)
    assert (again.incident_id, incident.state) == (alarm.incident_id, State.RESPONDING)
    assert "feed_lost_again" in await local.kinds()


async def test_lost_again_later_it_is_a_new_one_that_links_the_old(local: LostScene) -> None:
    alarm = await local.lose()
    await local.restore()
    local.clock.step(minutes=61)
    again = await local.lose()
    assert (await local.get(again.incident_id)).previous_id == alarm.incident_id
    assert await local.count(tables.incident) == 2


async def test_what_a_person_has_dismissed_stays_away_for_an_hour(local: LostScene) -> None:
    alarm = await local.lose()
    await local.act(alarm.incident_id, Action.MARK_FALSE_POSITIVE)
    local.clock.step(minutes=30)
    assert (await local.lose()).incident_id == alarm.incident_id
    assert await local.count(tables.incident) == 1
    local.clock.step(minutes=31)
    assert (await local.lose()).incident_id != alarm.incident_id


async def test_a_feed_with_a_long_name_is_one_subject(local: LostScene) -> None:
    feed = replace(FEED, id="push:" + "x" * 100)
    assert len(subject_of(feed.id)) <= 64
    first = await local.lose(replace(LOSS, feed=feed))
    assert await local.lose(replace(LOSS, feed=feed)) == first
