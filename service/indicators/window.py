"""Windows of time, the ones they are compared with, and the buckets they are cut into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from service.errors import InvalidInput

LONGEST = timedelta(days=5 * 366)
MOST_BUCKETS = 400
"""Two weeks of hours fit, and a year of days; each costs the post store a look of its own."""
_YEARS = (1900, 9000)


class Bucket(StrEnum):
    """Cut at full hours, at midnight, and at the midnight before Monday, on people's clocks."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


class Earlier(StrEnum):
    """What a window is compared with."""

    PREVIOUS = "previous"
    """The window of equal length that ends where this one begins."""
    WEEK_BEFORE = "week_before"
    YEAR_BEFORE = "year_before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """[since, until), in UTC."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return self.until - self.since


def checked_window(since: datetime, until: datetime) -> Window:
    """Raises InvalidInput for an empty or a turned window, one of more than five years, and one
    at the ends of the calendar."""
    if since >= until:
        raise _refused("since", "earlier than `until`")
    if until - since > LONGEST:
        raise _refused("since", "at most five years before `until`")
    if since.year < _YEARS[0] or until.year > _YEARS[1]:
        raise _refused("since", f"in the years {_YEARS[0]} to {_YEARS[1]}")
    return Window(since=since.astimezone(UTC), until=until.astimezone(UTC))


def earlier(window: Window, which: Earlier, *, zone: tzinfo) -> Window:
    """The window to compare with. A week and a year before begin and end at the same time of day
    on people's clocks; a window with an edge on 29 February is compared with one of its length
    that begins a year before, or on the 28th."""
    if which is Earlier.PREVIOUS:
        return Window(since=window.since - window.length, until=window.since)
    if which is Earlier.WEEK_BEFORE:
        since, until = (_moved(edge, zone, _week_before) for edge in (window.since, window.until))
        return Window(since=since, until=until)
    since = _moved(window.since, zone, _year_before)
    if any(_is_leap_day(edge.astimezone(zone)) for edge in (window.since, window.until)):
        return Window(since=since, until=since + window.length)
    return Window(since=since, until=_moved(window.until, zone, _year_before))


def edges(window: Window, bucket: Bucket, *, zone: tzinfo) -> tuple[datetime, ...]:
    """Where the buckets of the window begin, and its end; the first and the last may be cut short.

    Raises InvalidInput for more than MOST_BUCKETS.
    """
    width = {
        Bucket.HOUR: timedelta(hours=1),
        Bucket.DAY: timedelta(days=1),
        Bucket.WEEK: timedelta(days=7),
    }[bucket]
    if window.length / width > MOST_BUCKETS:
        raise _refused("bucket", f"at most {MOST_BUCKETS} of them: take longer ones")
    found = [window.since]
    while (following := _next_edge(found[-1], bucket, zone)) < window.until:
        found.append(following)
    return (*found, window.until)


def _next_edge(instant: datetime, bucket: Bucket, zone: tzinfo) -> datetime:
    """The first edge after the instant."""
    local = instant.astimezone(zone)
    if bucket is Bucket.HOUR:
        # Steps of UTC, so that the hour that a clock strikes twice is two.
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return instant + timedelta(hours=1) - past
    days = 1 if bucket is Bucket.DAY else 7 - local.weekday()
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return (midnight + timedelta(days=days)).astimezone(UTC)


def _moved(instant: datetime, zone: tzinfo, move: Callable[[datetime], datetime]) -> datetime:
    return move(instant.astimezone(zone)).astimezone(UTC)


def _week_before(local: datetime) -> datetime:
    return local - timedelta(days=7)


def _year_before(local: datetime) -> datetime:
    day = 28 if _is_leap_day(local) else local.day
    return local.replace(year=local.year - 1, day=day)


def _is_leap_day(local: datetime) -> bool:
    return (local.month, local.day) == (2, 29)


def _refused(path: str, message: str) -> InvalidInput:
    return InvalidInput(f"{path}: {message}", errors=[(path, message)])
