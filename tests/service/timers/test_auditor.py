"""The alarm over deadlines that nobody fired."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import update
from structlog.testing import capture_logs

from service.db import Database, tables
from service.incidents import Action
from service.timers import DeadlineAuditor, Timers, TimerSpec
from tests.support.clock import START, SteppingClock
from tests.support.oncall_scene import OncallScene

MINUTE = timedelta(minutes=1)


class Alarm:
    def __init__(self) -> None:
        self.counts: list[int] = []

    def __call__(self, overdue: int) -> None:
        self.counts.append(overdue)


@pytest.fixture
def alarm() -> Alarm:
    return Alarm()


@pytest.fixture
def auditor(database: Database, clock: SteppingClock, alarm: Alarm) -> DeadlineAuditor:
    return DeadlineAuditor(database, clock=clock, alarm=alarm)


async def put(database: Database, subject: str, *, minutes: int) -> None:
    spec = TimerSpec(
        kind="due", subject_type="step", subject_id=subject, due_at=START + minutes * MINUTE
    )
    async with database.write() as connection:
        await Timers().set(connection, spec, now=START)


async def test_a_timer_beyond_its_grace_raises_the_alarm_with_its_name(
    database: Database, auditor: DeadlineAuditor, alarm: Alarm
) -> None:
    await put(database, "assess", minutes=0)
    await put(database, "answer", minutes=1)
    with capture_logs() as logged:
        assert await auditor.run(START + 2 * MINUTE) == 1
    assert alarm.counts == [1]
    assert logged[0]["event"] == "timer.overdue"
    assert "assess" in logged[0]["timers"][0]
    assert logged[0]["late_by_s"] == 120


async def test_within_the_grace_all_is_quiet(
    database: Database, auditor: DeadlineAuditor, alarm: Alarm
) -> None:
    await put(database, "assess", minutes=0)
    with capture_logs() as logged:
        assert await auditor.run(START + 1 * MINUTE) == 0
    assert (alarm.counts, logged) == ([0], [])


async def test_it_looks_when_the_earliest_timer_misses_its_grace(
    database: Database, auditor: DeadlineAuditor
) -> None:
    assert await auditor.next_at() is None
    await put(database, "assess", minutes=10)
    assert await auditor.next_at() == START + 12 * MINUTE


async def test_it_looks_again_each_minute_while_the_alarm_stands(
    database: Database, auditor: DeadlineAuditor, alarm: Alarm
) -> None:
    await put(database, "assess", minutes=0)
    await auditor.run(START + 5 * MINUTE)
    assert await auditor.next_at() == START + 6 * MINUTE
    async with database.write() as connection:
        await Timers().cancel(connection, subject=("step", "assess"))
    assert await auditor.next_at() == START + 6 * MINUTE
    await auditor.run(START + 6 * MINUTE)
    assert alarm.counts == [1, 0]
    assert await auditor.next_at() is None


async def test_it_looks_at_most_once_a_minute(database: Database, auditor: DeadlineAuditor) -> None:
    await auditor.run(START)
    await put(database, "assess", minutes=-10)
    assert await auditor.next_at() == START + MINUTE


def test_it_has_a_name(auditor: DeadlineAuditor) -> None:
    assert auditor.name == "deadline-auditor"


async def test_the_number_of_overdue_timers_is_a_metric(
    sqlite_database: Database, clock: SteppingClock
) -> None:
    await put(sqlite_database, "assess", minutes=0)
    await DeadlineAuditor(sqlite_database, clock=clock).run(START + 5 * MINUTE)
    assert REGISTRY.get_sample_value("fengsui_timers_overdue") == 1


async def test_a_timer_that_was_given_up_counts_while_its_incident_is_open(
    sqlite_database: Database, clock: SteppingClock, tmp_path: Path
) -> None:
    local = OncallScene(sqlite_database, clock, tmp_path)
    incident = await local.open()
    other = await local.open(scenario="outage")
    await local.act(other.id, Action.ACKNOWLEDGE, Action.RESPOND)
    async with local.database.write() as connection:
        await connection.execute(update(tables.timer).values(state="failed"))
    seen = Alarm()
    auditor = DeadlineAuditor(local.database, clock=local.clock, alarm=seen)

    both = await auditor.run(local.clock.now())
    await local.act(other.id, Action.RESOLVE, Action.CLOSE)
    one = await auditor.run(local.clock.now())

    of_the_first = [
        row for row in await local.rows(tables.timer) if row["incident_id"] == incident.id
    ]
    assert both > one == len(of_the_first) > 0
    assert seen.counts == [both, one]
