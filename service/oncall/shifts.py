"""Who is on, at any instant: pure arithmetic over a rota, safe where clocks are put on or back.

A hand-over is a local date and time. Where the clock skips it, it happens as long after the skip
as it was meant after its beginning; where it comes twice, at the first. So shifts follow each
other without a hole, and each instant has one answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.oncall.model import Layer, RotaDraft, zone_of

AHEAD = timedelta(days=400)
"""How far the next change is looked for: a yearly rota has one within that."""


class OnDutyBy(StrEnum):
    OVERRIDE = "override"
    LAYER = "layer"
    GAP = "gap"
    """Nobody is on: no layer has begun, or none is open at that hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """`layer` counts from 0; `person` is None in a gap."""

    person: str | None
    by: OnDutyBy
    layer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Somebody, or nobody, from `since` to `until`, half open."""

    since: datetime
    until: datetime
    duty: OnDuty


def who_is_on(rota: RotaDraft, at: datetime) -> OnDuty:
    """Exactly one answer for any aware instant; overrides win, then the first open layer."""
    for override in reversed(rota.overrides):
        if override.since <= at < override.until:
            return OnDuty(person=override.person, by=OnDutyBy.OVERRIDE)
    zone = zone_of(rota.zone)
    for place, layer in enumerate(rota.layers):
        person = _member(layer, at, zone)
        if person is not None:
            return OnDuty(person=person, by=OnDutyBy.LAYER, layer=place)
    return OnDuty(person=None, by=OnDutyBy.GAP)


def shifts(rota: RotaDraft, since: datetime, until: datetime) -> tuple[Shift, ...]:
    """The whole span, cut where the person changes."""
    edges = sorted({since, *(edge for edge in _edges(rota, since, until) if since < edge < until)})
    found: list[Shift] = []
    for edge, following in zip(edges, [*edges[1:], until], strict=True):
        duty = who_is_on(rota, edge)
        if found and found[-1].duty.person == duty.person:
            found[-1] = Shift(since=found[-1].since, until=following, duty=found[-1].duty)
        else:
            found.append(Shift(since=edge, until=following, duty=duty))
    return tuple(found)


def gaps(rota: RotaDraft, since: datetime, until: datetime) -> tuple[Shift, ...]:
    """Where nobody is on."""
    return tuple(shift for shift in shifts(rota, since, until) if shift.duty.person is None)


def next_change(rota: RotaDraft, after: datetime) -> datetime | None:
    """The first instant later than `after` at which somebody else is on; None within AHEAD."""
    current = who_is_on(rota, after).person
    reach = timedelta(days=2)
    while True:
        until = min(after + reach, after + AHEAD)
        for edge in sorted(set(_edges(rota, after, until))):
            if after < edge <= until and who_is_on(rota, edge).person != current:
                return edge
        if reach >= AHEAD:
            return None
        reach *= 4


def _member(layer: Layer, at: datetime, zone: ZoneInfo) -> str | None:
    local = at.astimezone(zone)
    if layer.window is not None and not layer.window.holds(local):
        return None
    # The local date is right but for hand-overs that the clock moved past midnight.
    turn = (local.date() - layer.starts_on).days // layer.shift_days + 1
    while _hand_over(layer, turn, zone) > at:
        turn -= 1
    return layer.members[turn % len(layer.members)] if turn >= 0 else None


def _hand_over(layer: Layer, turn: int, zone: ZoneInfo) -> datetime:
    return _instant(
        layer.starts_on + timedelta(days=turn * layer.shift_days), layer.hand_over, zone
    )


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _edges(rota: RotaDraft, since: datetime, until: datetime) -> Iterator[datetime]:
    """Every instant at which the answer may change; some outside of the span, some for nothing."""
    for override in rota.overrides:
        yield override.since
        yield override.until
    zone = zone_of(rota.zone)
    first, last = (at.astimezone(zone).date() for at in (since, until))
    for layer in rota.layers:
        turn = (first - layer.starts_on).days // layer.shift_days
        while (at := _hand_over(layer, max(turn, 0), zone)) <= until:
            yield at
            turn = max(turn, 0) + 1
        if layer.window is None:
            continue
        day = first - timedelta(days=1)
        while day <= last + timedelta(days=1):
            for clock in (layer.window.since, layer.window.until):
                # Twice where the clock is put back: the window may be open before and after.
                yield _instant(day, clock, zone)
                yield datetime.combine(day, clock.replace(fold=1), zone).astimezone(UTC)
            day += timedelta(days=1)
        yield from _clock_changes(first, last, zone)


def _clock_changes(first: date, last: date, zone: ZoneInfo) -> Iterator[datetime]:
    """The hours of days on which the clock is moved: windows are cut by the clock on the wall."""
    day = first - timedelta(days=1)
    while day <= last + timedelta(days=1):
        begin, end = (_instant(each, time(0), zone) for each in (day, day + timedelta(days=1)))
        if end - begin != timedelta(days=1):
            at = begin
            while at < end:
                yield at
                at += timedelta(minutes=15)
        day += timedelta(days=1)
