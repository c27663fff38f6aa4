from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.briefings import SCHEDULES, Kind, ScheduleDraft
from service.briefings.schedule import due_after, last_due

NOW = datetime(2024, 3, 2, 0, 0, tzinfo=UTC)
"""Saturday, 08:00 in Shanghai."""


def draft(**changes: Any) -> ScheduleDraft:
    return ScheduleDraft(**{"id": "morning", "name": "早报"} | changes)


def test_a_daily_one_is_due_at_its_time_on_the_next_day() -> None:
    assert due_after(draft(), NOW - timedelta(seconds=1)) == NOW
    assert due_after(draft(), NOW) == NOW + timedelta(days=1)


def test_a_weekly_one_is_due_on_its_weekday() -> None:
    monday = draft(kind=Kind.WEEKLY, weekday=1, at=time(9, 30))

    assert due_after(monday, NOW) == datetime(2024, 3, 4, 1, 30, tzinfo=UTC)


def test_an_hour_that_the_clock_leaves_out_comes_up_all_the_same() -> None:
    berlin = draft(at=time(2, 30), zone="Europe/Berlin")
    before = datetime(2024, 3, 30, 12, tzinfo=UTC)

    days = []
    for _ in range(3):
        before = due_after(berlin, before)
        days.append(before.date().isoformat())

    assert days == ["2024-03-31", "2024-04-01", "2024-04-02"]


def test_an_hour_that_the_clock_strikes_twice_comes_up_once() -> None:
    berlin = draft(at=time(2, 30), zone="Europe/Berlin")
    first = due_after(berlin, datetime(2024, 10, 26, 12, tzinfo=UTC))

    assert first == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert due_after(berlin, first) == datetime(2024, 10, 28, 1, 30, tzinfo=UTC)


def test_what_was_missed_for_days_is_due_once_as_the_newest() -> None:
    assert last_due(draft(), after=NOW - timedelta(days=40), now=NOW) == NOW


def test_nothing_is_due_before_its_time() -> None:
    assert last_due(draft(), after=NOW, now=NOW + timedelta(hours=23)) is None


def test_a_weekly_one_that_was_missed_is_made_up_for() -> None:
    monday = draft(kind=Kind.WEEKLY, weekday=1)
    found = last_due(monday, after=NOW - timedelta(days=60), now=NOW)

    assert found == datetime(2024, 2, 26, 0, 0, tzinfo=UTC)


@given(
    minutes=st.integers(0, 24 * 60 - 1),
    weekday=st.integers(1, 7),
    kind=st.sampled_from([Kind.DAILY, Kind.WEEKLY]),
    hours=st.integers(0, 24 * 900),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
)
def test_due_times_only_go_on_and_never_skip_a_period(
    minutes: int, weekday: int, kind: Kind, hours: int, zone: str
) -> None:
    item = draft(kind=kind, weekday=weekday, at=time(minutes // 60, minutes % 60), zone=zone)
    after = NOW + timedelta(hours=hours)

    due = due_after(item, after)
    following = due_after(item, due)

    longest = timedelta(days=1 if kind is Kind.DAILY else 7)
    assert after < due <= after + longest + timedelta(hours=1)
    assert longest - timedelta(hours=1) <= following - due <= longest + timedelta(hours=1)
    assert last_due(item, after=after, now=due) == due


def test_a_schedule_is_read_from_a_file_and_written_as_it_was() -> None:
    read = SCHEDULES.read({"id": "morning", "at": "08:30", "monitors": ["tea"], "language": "en"})

    assert (read.name, read.at, read.monitors) == ("morning", time(8, 30), ("tea",))
    again = SCHEDULES.read({"id": "morning", "name": read.name, **SCHEDULES.body(read)})
    assert again == read


@pytest.mark.parametrize("wrong", [{"at": 830}, {"at": "late"}, {"kind": "hourly"}, {"who": "x"}])
def test_a_file_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SCHEDULES.read({"id": "morning", **wrong})
