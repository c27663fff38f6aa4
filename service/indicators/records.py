"""What the state database says of a window: response, breaches, recurrences, unseen hours.

Drills are never counted, nor what is private to its rota. Functions take a connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.coverage import repository as feeds
from service.coverage.feed import Feed, Gap
from service.db.tables import incident, step
from service.incidents import UNCLASSIFIED, Kind
from service.incidents.lifecycle import State
from service.indicators.figure import Response, Share
from service.indicators.window import Window

RECURS_WITHIN = timedelta(days=90)
"""Until incidents have causes, the same scenario of the same monitor is the same trouble."""
FIRST_ANSWER = "first_response"
"""The step of the shipped ladder by which people are answered for the first time."""
_HOUR = timedelta(hours=1)
_UNDONE = ("skipped", "cancelled")


async def response(connection: AsyncConnection, monitor: str, window: Window) -> Response:
    """Crises opened in the window, and what of them was acknowledged and answered until now."""
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
        .where(incident.c.opened_at >= window.since, incident.c.opened_at < window.until)
    )
    found = rows.all()
    return Response(
        opened=len(found),
        acknowledged=_seconds((row.opened_at, row.acknowledged_at) for row in found),
        answered=_seconds((row.opened_at, row.answered_at) for row in found),
    )


async def breaches(
    connection: AsyncConnection, monitor: str, window: Window, *, now: datetime
) -> Share:
    """Steps that fell due in the window and before now, and those of them that breached."""
    due = and_(step.c.due_at >= window.since, step.c.due_at < min(window.until, now))
    counts = or_(step.c.breached_at.is_not(None), step.c.state.not_in(_UNDONE))
    found = (
        await connection.execute(
            select(func.count(), func.count(step.c.breached_at))
            .select_from(step.join(incident, incident.c.id == step.c.incident_id))
            .where(*_crises(monitor), due, counts)
        )
    ).one()
    return Share(part=found[1], whole=found[0])


async def recurrences(connection: AsyncConnection, monitor: str, window: Window) -> Share:
    """Named crises opened in the window, and those with an earlier one within 90 days."""
    before = incident.alias("before")
    real = (State.MERGED.value, State.FALSE_POSITIVE.value)
    # Looked at one by one: arithmetic on instants is another one in every engine.
    rows = await connection.execute(
        select(incident.c.id, incident.c.scenario, incident.c.opened_at)
        .where(*_crises(monitor), incident.c.state.not_in(real))
        .where(incident.c.scenario.is_not(None), incident.c.scenario != UNCLASSIFIED)
        .where(incident.c.opened_at >= window.since, incident.c.opened_at < window.until)
    )
    found = rows.all()
    again = 0
    for row in found:
        earlier = exists().where(
            before.c.kind == Kind.CRISIS.value,
            before.c.drill.is_(False),
            before.c.monitor_id == monitor,
            before.c.scenario == row.scenario,
            before.c.state.not_in(real),
            before.c.id != row.id,
            before.c.opened_at < row.opened_at,
            before.c.opened_at >= row.opened_at - RECURS_WITHIN,
        )
        again += bool(await connection.scalar(select(earlier)))
    return Share(part=again, whole=len(found))


async def unseen(connection: AsyncConnection, window: Window, *, now: datetime) -> Share:
    """Hours that feeds could not be seen, of those in which they were known, up to now."""
    every = await feeds.feeds(connection, gone_too=True)
    gaps = await feeds.gaps_between(connection, window.since, window.until)
    return unseen_hours(every, gaps, window, now=now)


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
