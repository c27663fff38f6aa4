"""The limits of the ladder, and the instants that follow from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playbooks.office_hours import WALL_CLOCK, BusinessCalendar
from service.complaints.clocks import STAGES, instants, limits_of, timer_kinds
from service.complaints.lifecycle import Clock
from tests.support.clock import START
from tests.support.incident_scene import shipped_library

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_the_limits_are_those_of_the_ladder() -> None:
    assert limits_of(shipped_library()) == {
        Clock.ANSWER: 15 * MINUTE,
        Clock.RESPONSE: 4 * HOUR,
        Clock.RESOLUTION: 24 * HOUR,
    }


def test_a_library_without_the_ladder_has_the_same_limits() -> None:
    bare = replace(shipped_library(), ladders={})
    assert limits_of(bare) == limits_of(shipped_library())


def test_a_warning_comes_before_and_the_escalation_after() -> None:
    found = instants(
        START,
        15 * MINUTE,
        calendar=WALL_CLOCK,
        warn_before=5 * MINUTE,
        escalate_after=15 * MINUTE,
    )
    assert (found.warn_at, found.due_at, found.escalate_at) == (
        START + 10 * MINUTE,
        START + 15 * MINUTE,
        START + 30 * MINUTE,
    )


def test_a_warning_longer_than_the_limit_comes_at_half_of_it() -> None:
    found = instants(
        START, 15 * MINUTE, calendar=WALL_CLOCK, warn_before=HOUR, escalate_after=MINUTE
    )
    assert found.warn_at == START + 7.5 * MINUTE


def test_the_hours_of_service_stop_the_clock_at_night() -> None:
    shop = BusinessCalendar(zone=ZoneInfo("Asia/Shanghai"))
    late = datetime(2024, 3, 1, 9, 50, tzinfo=UTC)  # Friday, ten to six in Shanghai
    found = instants(
        late, 15 * MINUTE, calendar=shop, warn_before=5 * MINUTE, escalate_after=15 * MINUTE
    )
    assert found.warn_at == late + 10 * MINUTE
    assert found.due_at == datetime(2024, 3, 4, 1, 5, tzinfo=UTC)  # Monday, five past nine


def test_every_clock_has_its_timers() -> None:
    kinds = timer_kinds(*Clock)
    assert len(set(kinds)) == len(Clock) * len(STAGES)
