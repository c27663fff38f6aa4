"""When duties are due: by day of the month or n-th working day, never before they begin."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.oncall.model import EVERYBODY
from service.recurring import RecurringDraft
from service.recurring.schedule import due_after

HOLIDAYS = frozenset(date(2026, 10, day) for day in range(1, 8))


def works_on(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def duty(**changes: Any) -> RecurringDraft:
    made = RecurringDraft(
        id="d", name="d", owner=EVERYBODY, starts_on=date(2026, 1, 1), every_months=3
    )
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("changes", "now", "due"),
    [
        ({}, "2025-06-01", "2026-01-01T02:00"),
        ({}, "2026-01-01T02:00", "2026-04-01T02:00"),
        ({"day": 31, "every_months": 1}, "2026-02-01", "2026-02-28T02:00"),
        ({"starts_on": date(2026, 1, 20), "day": 5}, "2026-01-01", "2026-04-05T02:00"),
        ({"working_day": True, "day": 1}, "2026-09-01", "2026-10-08T02:00"),
        ({"working_day": True, "day": 23, "every_months": 1}, "2026-02-01", "2026-02-27T02:00"),
        ({"at": time(23), "zone": "America/New_York"}, "2026-01-01", "2026-01-02T04:00"),
        ({"every_months": 12}, "2030-05-01", "2031-01-01T02:00"),
    ],
)
def test_the_next_time_is_known(changes: dict[str, Any], now: str, due: str) -> None:
    instants = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, due)]
    assert due_after(duty(**changes), instants[0], works_on=works_on) == instants[1]


def test_a_month_of_holidays_ends_with_its_last_day() -> None:
    draft = duty(working_day=True)
    at = due_after(draft, datetime(2026, 1, 1, tzinfo=UTC), works_on=lambda day: False)
    assert at.date() == date(2026, 1, 31)


@settings(max_examples=60)
@given(
    every=st.integers(1, 36),
    day=st.integers(1, 31),
    working=st.booleans(),
    minutes=st.integers(0, 15 * 366 * 24 * 60),
)
def test_times_follow_each_other_a_period_apart(
    every: int, day: int, working: bool, minutes: int
) -> None:
    draft = duty(every_months=every, day=day, working_day=working)
    times = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)]
    for _ in range(4):
        times.append(due_after(draft, times[-1], works_on=works_on))
    assert all(one < two for one, two in pairwise(times))
    months = [at.year * 12 + at.month for at in times[1:]]
    assert {two - one for one, two in pairwise(months)} == {every}
