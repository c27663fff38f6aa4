"""Two ways to count time: by the wall clock, and by the hours in which an office is open.

A year that the data does not cover knows weekends alone: a deadline then falls early rather than
late, and `unknown_years` says which years were read so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from playbooks.schema import HolidayCalendar, Office

_DAY = timedelta(days=1)
_SATURDAY = 5


class Calendar(Protocol):
    """Adds and measures durations between aware instants."""

    def add(self, instant: datetime, duration: timedelta) -> datetime:
        """The first instant at which `duration` has passed since `instant`."""

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time from `start` to `end` counts; negative when `end` is earlier."""

    def unknown_years(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Years between the two of which the calendar has no holidays."""


@dataclass(frozen=True, slots=True)
class WallCalendar:
    """Every hour counts."""

    def add(self, instant: datetime, duration: timedelta) -> datetime:
        return instant + duration

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        return end - start

    def unknown_years(self, start: datetime, end: datetime) -> tuple[int, ...]:
        return ()


WALL_CLOCK = WallCalendar()


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessCalendar:
    """Only the office hours of working days count; `opens` and `closes` are local to `zone`.

    Working days are Monday to Friday without `holidays`, and `workdays`, the weekend days that
    make up for them. `years` are those that the data covers.
    """

    zone: ZoneInfo
    opens: time = time(9)
    closes: time = time(18)
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, office: Office) -> Self:
        """The calendar of an office as a playbook carries it."""
        return cls(
            zone=ZoneInfo(office.zone),
            opens=office.hours.from_,
            closes=office.hours.to,
            holidays=frozenset(office.holidays),
            workdays=frozenset(office.workdays),
            years=frozenset(office.years),
        )

    @classmethod
    def over(
        cls,
        calendars: Iterable[HolidayCalendar],
        *,
        zone: ZoneInfo,
        opens: time = time(9),
        closes: time = time(18),
    ) -> Self:
        """Hours of one's own, local to `zone`, on the working days that the calendars say."""
        years = [each for calendar in calendars for each in calendar.years.items()]
        return cls(
            zone=zone,
            opens=opens,
            closes=closes,
            holidays=frozenset(day for _, year in years for day in year.holidays),
            workdays=frozenset(day for _, year in years for day in year.workdays),
            years=frozenset(int(name) for name, _ in years),
        )

    def works_on(self, day: date) -> bool:
        """Whether the office is open on that day, local."""
        if day in self.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def add(self, instant: datetime, duration: timedelta) -> datetime:
        """The first instant at which the office has been open for `duration` since `instant`.

        What ends with the office hours ends at closing, not at the next opening; no duration is
        `instant` itself. The answer is UTC. Raises ValueError for a negative duration and
        OverflowError beyond the year 9999.
        """
        if duration < timedelta(0):
            raise ValueError(f"{duration} is negative: office hours are counted forwards")
        if not duration:
            return instant.astimezone(UTC)
        left = duration
        spans = self._spans(instant)
        while True:
            opens, closes = next(spans)
            start = max(opens, instant)
            if closes - start >= left:
                return start + left
            left -= max(closes - start, timedelta(0))

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Office time from `start` to `end`; negative when `end` is earlier."""
        if end < start:
            return -self.elapsed(end, start)
        begun = takewhile(lambda span: span[0] < end, self._spans(start))
        parts = (min(closes, end) - max(opens, start) for opens, closes in begun)
        return sum((max(part, timedelta(0)) for part in parts), timedelta(0))

    def unknown_years(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Local years from `start` to `end` of which the data has no holidays."""
        first, last = (instant.astimezone(self.zone).year for instant in (start, end))
        return tuple(year for year in range(first, last + 1) if year not in self.years)

    def _spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Office hours of each working day from the local day of `since` on, in UTC."""
        day = since.astimezone(self.zone).date()
        while True:
            if self.works_on(day):
                yield self._at(day, self.opens), self._at(day, self.closes)
            day += _DAY

    def _at(self, day: date, moment: time) -> datetime:
        # arithmetic inside a zone ignores its changes of the clock, arithmetic in UTC does not
        return datetime.combine(day, moment, tzinfo=self.zone).astimezone(UTC)
