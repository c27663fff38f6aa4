"""What a recurrence is: the one definition, for links, figures and points.

A crisis recurs when an earlier one was closed within 90 days before it was opened, of the same
monitor or another of its brand, with the same scenario, and of the same cause as far as the causes
of both are known. A cause is known once the review that found it is closed. Drills, false alarms
and merged incidents are none, nor is what nobody has named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.incidents import UNCLASSIFIED, Kind, State

RECURS_WITHIN = timedelta(days=90)
TARGET = 0.08
"""The share of recurrences that an organisation should stay under."""
_NONE = (State.MERGED.value, State.FALSE_POSITIVE.value)
_REVIEWED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crisis:
    """What counts of an incident. `cause` is the cause class of its closed review."""

    id: str
    monitor_id: str
    brand_id: str | None
    scenario: str
    opened_at: datetime
    closed_at: datetime | None
    cause: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A crisis and the one that it repeats; `confirmed` once both causes are known."""

    crisis: Crisis
    of: Crisis

    @property
    def confirmed(self) -> bool:
        return self.crisis.cause is not None and self.of.cause is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refutation:
    """A crisis and the one that it would repeat, had not their causes turned out to differ."""

    crisis: Crisis
    of: Crisis


def recurrence_of(crisis: Crisis, others: Iterable[Crisis]) -> Recurrence | None:
    """The one closed last of those that it repeats, None when it is the first of its kind."""
    found = [other for other in others if _repeats(crisis, other)]
    return Recurrence(crisis=crisis, of=max(found, key=_closing)) if found else None


def refutation_of(crisis: Crisis, others: Iterable[Crisis]) -> Refutation | None:
    """The one closed last of those that only another cause tells apart from it.

    None where it repeats one after all, and where there is none of its kind.
    """
    near = [other for other in others if _follows(crisis, other)]
    if not near or any(_may_share_cause(crisis, other) for other in near):
        return None
    return Refutation(crisis=crisis, of=max(near, key=_closing))


def _closing(crisis: Crisis) -> tuple[datetime | None, str]:
    return crisis.closed_at, crisis.id


def _repeats(crisis: Crisis, earlier: Crisis) -> bool:
    return _follows(crisis, earlier) and _may_share_cause(crisis, earlier)


def _follows(crisis: Crisis, earlier: Crisis) -> bool:
    """Whether it is of the same subject and scenario, and soon enough after."""
    if earlier.id == crisis.id or earlier.closed_at is None:
        return False
    same_subject = earlier.monitor_id == crisis.monitor_id or (
        crisis.brand_id is not None and earlier.brand_id == crisis.brand_id
    )
    since_then = crisis.opened_at - earlier.closed_at
    return (
        same_subject
        and earlier.scenario == crisis.scenario
        and timedelta(0) <= since_then <= RECURS_WITHIN
    )


def _may_share_cause(crisis: Crisis, earlier: Crisis) -> bool:
    return len({crisis.cause, earlier.cause} - {None}) < 2


async def judged(
    connection: AsyncConnection,
    *,
    since: datetime,
    until: datetime,
    monitors: Sequence[str] | None = None,
) -> list[tuple[Crisis, Recurrence | None]]:
    """Named crises opened from `since` and before `until`, in order, each with what it repeats.

    `monitors` limits whose crises they are; what they repeat may be of others of the brand.
    """
    found = await _around(connection, since=since, until=until, monitors=monitors)
    return [(crisis, recurrence_of(crisis, others)) for crisis, others in found]


async def refuted(
    connection: AsyncConnection,
    *,
    since: datetime,
    until: datetime,
    monitors: Sequence[str] | None = None,
) -> list[Refutation]:
    """Of the same crises, in order, those that only their cause tells apart from an earlier one."""
    found = await _around(connection, since=since, until=until, monitors=monitors)
    judgements = (refutation_of(crisis, others) for crisis, others in found)
    return [item for item in judgements if item is not None]


async def _around(
    connection: AsyncConnection,
    *,
    since: datetime,
    until: datetime,
    monitors: Sequence[str] | None,
) -> list[tuple[Crisis, list[Crisis]]]:
    """Crises opened in the window, in order, each among those of its scenario."""
    incident = tables.incident.c
    reaches_in = incident.closed_at >= since - RECURS_WITHIN
    rows = await _crises(
        connection, incident.opened_at < until, or_(incident.opened_at >= since, reaches_in)
    )
    same: dict[str, list[Crisis]] = {}
    for row in rows:
        same.setdefault(row.scenario, []).append(row)
    return [
        (row, same[row.scenario])
        for row in rows
        if row.opened_at >= since and (monitors is None or row.monitor_id in monitors)
    ]


async def of_incident(connection: AsyncConnection, incident_id: str) -> Recurrence | None:
    """What that incident repeats, None also where it does not count."""
    incident = tables.incident.c
    own = await _crises(connection, incident.id == incident_id)
    if not own:
        return None
    (crisis,) = own
    others = await _crises(
        connection,
        incident.scenario == crisis.scenario,
        incident.closed_at >= crisis.opened_at - RECURS_WITHIN,
        incident.closed_at <= crisis.opened_at,
    )
    return recurrence_of(crisis, others)


async def repeating(connection: AsyncConnection, incident_id: str) -> list[str]:
    """Ids of the crises that may repeat that one, whatever else they repeat."""
    incident = tables.incident.c
    own = await _crises(connection, incident.id == incident_id)
    if not own or own[0].closed_at is None:
        return []
    (crisis,) = own
    later = await _crises(
        connection,
        incident.scenario == crisis.scenario,
        incident.opened_at >= crisis.closed_at,
        incident.opened_at <= own[0].closed_at + RECURS_WITHIN,
    )
    return [item.id for item in later if _repeats(item, crisis)]


async def _crises(connection: AsyncConnection, *where: ColumnElement[bool]) -> list[Crisis]:
    incident, review, monitor = tables.incident, tables.cause_review, tables.monitor
    reviewed = and_(review.c.incident_id == incident.c.id, review.c.state == _REVIEWED)
    joined = incident.outerjoin(review, reviewed).outerjoin(
        monitor, monitor.c.id == incident.c.monitor_id
    )
    rows = await connection.execute(
        select(
            incident.c.id,
            incident.c.monitor_id,
            monitor.c.brand_id,
            incident.c.scenario,
            incident.c.opened_at,
            incident.c.closed_at,
            review.c.cause_class.label("cause"),
        )
        .select_from(joined)
        .where(
            incident.c.kind == Kind.CRISIS.value,
            incident.c.drill.is_(False),
            incident.c.state.not_in(_NONE),
            incident.c.scenario.is_not(None),
            incident.c.scenario != UNCLASSIFIED,
            *where,
        )
        .order_by(incident.c.opened_at, incident.c.id)
    )
    return [Crisis(**row) for row in rows.mappings()]
