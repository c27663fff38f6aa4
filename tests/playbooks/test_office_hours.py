from __future__ import annotations

import functools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks import load_library
from playbooks.office_hours import WALL_CLOCK, BusinessCalendar
from playbooks.schema import CalendarYear, Office

HOUR = timedelta(hours=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@functools.cache
def china() -> BusinessCalendar:
    calendar = load_library().calendars["cn"]
    return BusinessCalendar.of(Office.of(calendar, tiers=()))


DUBLIN = BusinessCalendar(zone=ZoneInfo("Europe/Dublin"))
# with microseconds, over holidays, make-up days, weekends and years without data
INSTANTS = st.datetimes(
    datetime.fromisoformat("2023-06-01"),
    datetime.fromisoformat("2028-06-01"),
    timezones=st.just(UTC),
)
DURATIONS = st.timedeltas(timedelta(0), timedelta(hours=200))
CALENDARS = st.deferred(lambda: st.sampled_from([china(), DUBLIN]))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02 10:00", 2, "2026-03-02 12:00"),  # inside one Monday
        ("2026-03-02 16:00", 2, "2026-03-02 18:00"),  # ends at closing, not at the next opening
        ("2026-03-02 17:00", 2, "2026-03-03 10:00"),  # over the night
        ("2026-03-06 17:00", 2, "2026-03-09 10:00"),  # over a weekend
        ("2026-03-02 22:15", 1, "2026-03-03 10:00"),  # begins after closing
        ("2026-03-02 06:00", 1, "2026-03-02 10:00"),  # begins before opening
        ("2026-02-14 17:00", 2, "2026-02-24 10:00"),  # a Saturday worked, then the Spring Festival
        ("2026-02-27 17:00", 2, "2026-02-28 10:00"),  # Friday into a Saturday that is worked
        ("2025-09-30 17:30", 1, "2025-10-09 09:30"),  # National Day of eight days
        ("2024-05-10 09:00", 18, "2024-05-11 18:00"),  # the last Saturday that made up for May
        ("2027-05-03 10:00", 1, "2027-05-03 11:00"),  # no data: a Monday is worked
    ],
)
def test_working_hours_of_china(start: str, hours: int, end: str) -> None:
    assert china().add(local(start), hours * HOUR) == local(end)
    assert china().elapsed(local(start), local(end)) == hours * HOUR


@pytest.mark.parametrize(("year", "statutory"), [(2024, 11), (2025, 13), (2026, 13)])
def test_shifting_holidays_keeps_their_number(year: int, statutory: int) -> None:
    # make-up days only move working days: a year has its weekdays less the days off by law
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    days = [date(year, 1, 1) + timedelta(day) for day in range(length)]
    weekdays = sum(day.weekday() < 5 for day in days)
    assert sum(map(china().works_on, days)) == weekdays - statutory


def test_hours_of_ones_own_keep_the_days_of_every_calendar() -> None:
    cn = load_library().calendars["cn"]
    # a fictional one of the same years: the days of both count, whichever comes last
    founding = CalendarYear(source="晨屿", holidays=(date(2026, 3, 2),))
    own = cn.model_copy(update={"id": "own", "years": {"2026": founding, "2031": founding}})
    for calendars in ((cn, own), (own, cn)):
        shop = BusinessCalendar.over(calendars, zone=SHANGHAI, opens=time(10), closes=time(21))
        assert shop.add(local("2026-03-02 11:00"), HOUR) == local("2026-03-03 11:00")
        assert shop.add(local("2026-02-14 20:30"), HOUR) == local("2026-02-24 10:30")
        assert shop.works_on(date(2026, 2, 28)), "a Saturday that makes up"
        assert shop.unknown_years(local("2026-01-01 10:00"), local("2031-01-01 10:00")) == (
            *range(2027, 2031),
        )


def test_a_change_of_the_clock_neither_gives_nor_takes_office_time() -> None:
    friday, monday = datetime(2026, 3, 27, 17, tzinfo=UTC), datetime(2026, 3, 30, 8, tzinfo=UTC)
    assert DUBLIN.add(friday, 2 * HOUR) == monday + HOUR


def test_years_that_nobody_has_given_are_named() -> None:
    assert china().unknown_years(local("2026-12-31 17:00"), local("2027-01-04 10:00")) == (2027,)
    assert china().unknown_years(local("2026-01-01 00:00"), local("2026-12-31 23:59")) == ()


def test_negative_office_time_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        china().add(local("2026-03-02 10:00"), -HOUR)


def test_office_time_ends_with_the_calendar() -> None:
    with pytest.raises(OverflowError):
        china().add(datetime(9999, 12, 30, tzinfo=UTC), 90 * HOUR)


@settings(max_examples=60)
@given(calendar=CALENDARS, start=INSTANTS, duration=DURATIONS)
def test_what_was_added_has_elapsed(
    calendar: BusinessCalendar, start: datetime, duration: timedelta
) -> None:
    end = calendar.add(start, duration)
    assert end >= start + duration
    assert calendar.elapsed(start, end) == duration
    assert calendar.elapsed(end, start) == -duration


@settings(max_examples=60)
@given(calendar=CALENDARS, start=INSTANTS, wait=DURATIONS)
def test_adding_what_has_elapsed_never_overshoots(
    calendar: BusinessCalendar, start: datetime, wait: timedelta
) -> None:
    end = start + wait
    elapsed = calendar.elapsed(start, end)
    assert timedelta(0) <= elapsed <= wait
    back = calendar.add(start, elapsed)
    assert start <= back <= end
    assert calendar.elapsed(back, end) == timedelta(0)


@settings(max_examples=60)
@given(start=INSTANTS, wait=DURATIONS, short=DURATIONS, more=DURATIONS)
def test_later_and_longer_never_end_earlier(
    start: datetime, wait: timedelta, short: timedelta, more: timedelta
) -> None:
    assert china().add(start, short) <= china().add(start, short + more)
    assert china().add(start, short) <= china().add(start + wait, short)


@settings(max_examples=40)
@given(start=INSTANTS, first=DURATIONS, second=DURATIONS)
def test_parts_add_up(start: datetime, first: timedelta, second: timedelta) -> None:
    whole = china().add(start, first + second)
    assert china().elapsed(china().add(china().add(start, first), second), whole) == timedelta(0)


@settings(max_examples=40)
@given(start=INSTANTS, duration=DURATIONS)
def test_the_wall_clock_counts_every_hour(start: datetime, duration: timedelta) -> None:
    end = WALL_CLOCK.add(start, duration)
    assert end - start == duration == WALL_CLOCK.elapsed(start, end)
    assert WALL_CLOCK.unknown_years(start, end) == ()
