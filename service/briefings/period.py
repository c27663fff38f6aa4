"""Which time a briefing is of: whole days of the house, a week from Monday on, or as asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from service.errors import InvalidInput
from service.indicators.window import Window, checked_window

_LONGEST_SPECIAL = timedelta(days=92)


class Kind(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    SPECIAL = "special"


def day_of(day: date, *, zone: tzinfo) -> Window:
    """From midnight to midnight on people's clocks."""
    return Window(since=_midnight(day, zone), until=_midnight(day + timedelta(days=1), zone))


def week_of(day: date, *, zone: tzinfo) -> Window:
    """The week, from Monday on, in which the day lies."""
    monday = day - timedelta(days=day.weekday())
    return Window(since=_midnight(monday, zone), until=_midnight(monday + timedelta(days=7), zone))


def last_before(kind: Kind, at: datetime, *, zone: tzinfo) -> Window:
    """The last whole day, or week, that was over at an instant. ValueError for a special one."""
    today = at.astimezone(zone).date()
    match kind:
        case Kind.DAILY:
            return day_of(today - timedelta(days=1), zone=zone)
        case Kind.WEEKLY:
            return week_of(today - timedelta(days=7), zone=zone)
        case _:
            raise ValueError("a special briefing has no usual period")


def asked_period(
    kind: Kind,
    *,
    day: date | None,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    zone: tzinfo,
) -> Window:
    """What somebody asked for; a period of a day or week that is left out is the last one.

    Raises InvalidInput for one that is not over, and for what does not go together.
    """
    if kind is Kind.SPECIAL:
        if since is None or until is None or day is not None:
            raise _refused("since", "a special briefing is of [since, until), and of no day")
        window = checked_window(since, until)
        if window.length > _LONGEST_SPECIAL:
            raise _refused("since", f"at most {_LONGEST_SPECIAL.days} days before `until`")
    else:
        if since is not None or until is not None:
            raise _refused("since", f"a {kind} briefing is of a day: give `day`, or nothing")
        if day is None:
            return last_before(kind, now, zone=zone)
        window = (day_of if kind is Kind.DAILY else week_of)(day, zone=zone)
    if window.until > now:
        at = window.until.astimezone(zone).isoformat(timespec="minutes")
        raise _refused("until", f"this period ends at {at}; it is not over yet")
    return window


def before(window: Window, kind: Kind, *, zone: tzinfo) -> Window:
    """What it is compared with: the whole day or week before, or as long a time before."""
    if kind is Kind.SPECIAL:
        return Window(since=window.since - window.length, until=window.since)
    first = window.since.astimezone(zone).date()
    cut = day_of if kind is Kind.DAILY else week_of
    return cut(first - timedelta(days=1), zone=zone)


def following(window: Window, kind: Kind, *, now: datetime, zone: tzinfo) -> Window:
    """What is coming: from now to the end of the next period of that length."""
    if kind is Kind.SPECIAL:
        return Window(since=now, until=now + min(window.length, timedelta(days=7)))
    days = 1 if kind is Kind.DAILY else 7
    until = _midnight(now.astimezone(zone).date() + timedelta(days=days), zone)
    return Window(since=now, until=until)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _refused(path: str, message: str) -> InvalidInput:
    return InvalidInput(f"{path}: {message}", errors=[(path, message)])
