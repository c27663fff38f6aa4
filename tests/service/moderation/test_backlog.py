"""A queue that people cannot keep up with: one incident, which rises with the age of the oldest."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from service.db import Database, tables
from service.incidents import Action, Kind
from service.moderation.backlog import Backlog, Backlogs, Reported, Told, rank_of
from tests.support.clock import SteppingClock
from tests.support.incident_scene import LEAD, VIEWER, IncidentScene

LIMIT = timedelta(hours=2)
BUSY = Backlog(queue="second", length=120, oldest_age=timedelta(hours=1), limit=LIMIT)
LATE = replace(BUSY, oldest_age=timedelta(hours=3))
LOST = replace(BUSY, oldest_age=timedelta(hours=4))


class BacklogScene(IncidentScene):
    """Incidents, and the door through which backlogs come in."""

    def __init__(self, database: Database, clock: SteppingClock) -> None:
        super().__init__(database, clock)
        self.backlogs = Backlogs(incidents=self.incidents, tiers=self.library.tiers.ids)

    async def report(self, backlog: Backlog = LATE) -> Reported:
        async with self.database.write() as connection:
            return await self.backlogs.report(connection, backlog, now=self.clock.now())


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> BacklogScene:
    return BacklogScene(database, clock)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock) -> BacklogScene:
    return BacklogScene(sqlite_database, clock)


async def test_a_backlog_opens_with_its_figures_and_its_playbook(scene: BacklogScene) -> None:
    reported = await scene.report()
    incident = reported.incident
    assert (reported.told, incident.kind, incident.tier) == (Told.OPENED, Kind.BACKLOG, "orange")
    assert (incident.scenario, incident.posts, incident.first_post_at) == (
        None, 0, incident.opened_at,
    )  # fmt: skip
    assert [(reason["clause"], reason["value"]) for reason in incident.reasons] == [
        ("oldest_age_s", 10_800.0),
        ("queue_length", 120),
    ]
    due = await scene.due_times(incident.id)
    assert due["risk_first"] == incident.opened_at + timedelta(minutes=30)
    assert due["threshold_decided"] == incident.opened_at + timedelta(hours=2)


async def test_everyone_who_reads_incidents_sees_it(local: BacklogScene) -> None:
    incident = (await local.report()).incident
    assert (await local.desk.file(VIEWER, incident.id)).incident.title == "处理积压：second"


async def test_reporting_again_joins_and_is_measured_once_an_hour(local: BacklogScene) -> None:
    opened = (await local.report()).incident.id
    for _ in range(12):
        local.clock.step(minutes=10)
        reported = await local.report()
        assert (reported.told, reported.incident.id) == (Told.JOINED, opened)
    assert (await local.kinds()).count("backlog_measured") == 2
    assert await local.count(tables.incident) == 1


async def test_a_report_that_joins_disturbs_nobody_who_edits(local: BacklogScene) -> None:
    opened = (await local.report()).incident
    local.clock.step(hours=2)
    await local.report()
    assert (await local.get(opened.id)).version == opened.version


async def test_it_rises_and_never_falls_by_itself(scene: BacklogScene) -> None:
    opened = (await scene.report(BUSY)).incident
    assert opened.tier == "yellow"
    scene.clock.step(minutes=1)
    raised = await scene.report(LOST)
    assert (raised.told, raised.incident.tier, raised.incident.id) == (
        Told.RAISED, "red", opened.id,
    )  # fmt: skip
    assert raised.incident.reasons[0]["value"] == 14_400.0
    scene.clock.step(minutes=1)
    assert (await scene.report(BUSY)).incident.tier == "red"


async def test_what_a_lead_has_lowered_stays_low(local: BacklogScene) -> None:
    opened = (await local.report(LATE)).incident.id
    await local.desk.set_tier(LEAD, opened, "yellow", reason="夜班已到")
    local.clock.step(minutes=1)
    assert (await local.report(LATE)).incident.tier == "yellow"


async def test_queues_are_apart(local: BacklogScene) -> None:
    first = (await local.report()).incident.id
    assert (await local.report(replace(LATE, queue="legal"))).incident.id != first


async def test_two_workers_open_one(scene: BacklogScene) -> None:
    told = await asyncio.gather(*(scene.report() for _ in range(3)))
    assert len({item.incident.id for item in told}) == 1


async def test_after_it_was_resolved_the_next_one_links_it(local: BacklogScene) -> None:
    opened = (await local.report()).incident.id
    await local.act(opened, Action.ACKNOWLEDGE, Action.RESOLVE)
    local.clock.step(minutes=1)
    following = await local.report()
    assert (following.told, following.incident.previous_id) == (Told.OPENED, opened)


async def test_what_a_person_dismissed_stays_so_for_an_hour(local: BacklogScene) -> None:
    opened = (await local.report()).incident.id
    await local.act(opened, Action.MARK_FALSE_POSITIVE)
    local.clock.step(minutes=59)
    assert (await local.report()).told is Told.DISMISSED
    local.clock.step(minutes=1)
    assert (await local.report()).told is Told.OPENED


@pytest.mark.parametrize(
    ("hours", "tiers", "rank"),
    [(0, 3, 1), (2, 3, 1), (2.1, 3, 2), (3.9, 3, 2), (4, 3, 3), (3, 4, 3), (3, 2, 2), (9, 1, 1)],
)
def test_the_rank(hours: float, tiers: int, rank: int) -> None:
    assert rank_of(replace(BUSY, oldest_age=timedelta(hours=hours)), tiers=tiers) == rank
