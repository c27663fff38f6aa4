"""What the state database says of windows: response, breaches, recurrences, unseen hours.

Drills are never counted, nor what is private to its rota. Functions take a connection and windows
that follow one another, and read once for all of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.cases import recurrence
from service.coverage import repository as feeds
from service.coverage.feed import Feed, Gap
from service.db.tables import incident, step
from service.incidents import Kind
from service.incidents.lifecycle import State
from service.indicators.figure import Response, Share
from service.indicators.window import Window

_Row = TypeVar("_Row")

FIRST_ANSWER = "first_response"
"""The step of the shipped ladder by which people are answered for the first time."""
_HOUR = timedelta(hours=1)
_UNDONE = ("skipped", "cancelled")


async def responses(
    connection: AsyncConnection, monitor: str, windows: Sequence[Window]
) -> list[Response]:
    """Crises opened in each window, and what of them was acknowledged and answered until now."""
    answered = (
        select(step.c.done_at)
        .where(step.c.incident_id == incident.c.id, step.c.step_id == FIRST_ANSWER)
        .where(step.c.state == "done")
        .limit(1)
        .scalar_subquery()
    )
    rows = await connection.execute(
        select(incident.c.opened_at, incident.c.acknowledged_at, answered.label("answered_at"))
        .where(*_crises(monitor), incident.c.state != State.MERGED.value)
        .where(*_inside(incident.c.opened_at, windows))
    )
    return [
        Response(
            opened=len(found),
            acknowledged=_seconds((row.opened_at, row.acknowledged_at) for row in found),
            answered=_seconds((row.opened_at, row.answered_at) for row in found),
        )
        for found in _cut(rows, windows, at=lambda row: row.opened_at)
    ]


async def breaches(
    connection: AsyncConnection, monitor: str, windows: Sequence[Window], *, now: datetime
) -> list[Share]:
    """Steps that fell due in each window and before now, and those of them that breached."""
    rows = await connection.execute(
        select(step.c.due_at, step.c.breached_at)
        .select_from(step.join(incident, incident.c.id == step.c.incident_id))
        .where(*_crises(monitor), *_inside(step.c.due_at, windows), *fell_due(now))
    )
    return [
        Share(part=sum(row.breached_at is not None for row in found), whole=len(found))
        for found in _cut(rows, windows, at=lambda row: row.due_at)
    ]


def fell_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Which steps fell due before now: not those that were skipped or called off in time."""
    counts = or_(step.c.breached_at.is_not(None), step.c.state.not_in(_UNDONE))
    return step.c.due_at < now, counts


async def recurrences(
    connection: AsyncConnection, monitor: str, windows: Sequence[Window]
) -> list[Share]:
    """Named crises opened in each window, and those that repeat one closed before."""
    known = await recurrence.judged(
        connection, since=windows[0].since, until=windows[-1].until, monitors=[monitor]
    )
    return [
        Share(part=sum(again is not None for _, again in found), whole=len(found))
        for found in _cut(known, windows, at=lambda item: item[0].opened_at)
    ]


async def unseen(
    connection: AsyncConnection, windows: Sequence[Window], *, now: datetime
) -> list[Share]:
    """Hours that feeds could not be seen, of those in which they were known, up to now."""
    every = await feeds.feeds(connection, gone_too=True)
    gaps = await feeds.gaps_between(connection, windows[0].since, windows[-1].until)
    return [unseen_hours(every, gaps, window, now=now) for window in windows]


def unseen_hours(
    feeds: Sequence[Feed], gaps: Sequence[Gap], window: Window, *, now: datetime
) -> Share:
    """Feed hours without sight, of all of them. A recording is no feed: its end is no silence."""
    dark, watched = timedelta(), timedelta()
    for feed in feeds:
        if feed.is_replayed:
            continue
        since = max(window.since, feed.known_since)
        until = min(window.until, now, feed.gone_at or now)
        if until <= since:
            continue
        watched += until - since
        covered = since
        for gap in sorted((gap for gap in gaps if gap.feed_id == feed.id), key=_beginning):
            begin, end = max(gap.since, covered), min(gap.until or until, until)
            if end > begin:
                dark += end - begin
                covered = end
    return Share(part=dark / _HOUR, whole=watched / _HOUR)


def _inside(
    column: ColumnElement[datetime], windows: Sequence[Window]
) -> tuple[ColumnElement[bool], ...]:
    """From the first window to the last; they follow one another."""
    return column >= windows[0].since, column < windows[-1].until


def _cut(
    rows: Iterable[_Row], windows: Sequence[Window], *, at: Callable[[_Row], datetime]
) -> list[list[_Row]]:
    """The rows of each window; those before the first are left out."""
    found: list[list[_Row]] = [[] for _ in windows]
    begins = [window.since for window in windows]
    for row in rows:
        place = bisect_right(begins, at(row)) - 1
        if place >= 0:
            found[place].append(row)
    return found


def _beginning(gap: Gap) -> datetime:
    return gap.since


def _crises(monitor: str) -> tuple[ColumnElement[bool], ...]:
    return (
        incident.c.kind == Kind.CRISIS.value,
        incident.c.drill.is_(False),
        incident.c.monitor_id == monitor,
    )


def _seconds(spans: Iterable[tuple[datetime, datetime | None]]) -> tuple[float, ...]:
    """Lengths of the spans that are over; never below 0, whatever clocks say."""
    return tuple(max(0.0, (end - begin).total_seconds()) for begin, end in spans if end is not None)
