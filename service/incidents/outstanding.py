"""How all open incidents in sight stand: figures by SQL, and the one whose step breaks next."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.incidents.filters import IncidentFilter, filtered, only_open
from service.incidents.lifecycle import State

_INCIDENT = tables.incident
_STEP = tables.step
_LATE = "breached"
_MOST_ALARMS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """`breaks_next` is the incident whose step falls due first; without any, the gravest of those
    with a step that is late already. `alarms` are unacknowledged ones of the gravest tier."""

    open: int = 0
    unacknowledged: int = 0
    overdue: int = 0
    breaks_next: str | None = None
    alarms: tuple[str, ...] = ()


async def outstanding(
    connection: AsyncConnection, wanted: IncidentFilter, *, gravest: str
) -> Outstanding:
    """Over everything open that is wanted; `gravest` is the id of the tier above all others."""
    columns, wanted = _INCIDENT.c, only_open(wanted)
    fresh = func.sum(case((columns.state == State.NEW.value, 1), else_=0))
    counts = (
        await connection.execute(
            filtered(select(func.count(), fresh).select_from(_INCIDENT), wanted)
        )
    ).one()
    late = (
        select(func.count())
        .select_from(_STEP.join(_INCIDENT, _STEP.c.incident_id == columns.id))
        .where(_STEP.c.state == _LATE)
    )
    overdue = int((await connection.execute(filtered(late, wanted))).scalar_one())
    following = (
        select(columns.id)
        .where(columns.next_due_at.is_not(None))
        .order_by(columns.next_due_at, columns.tier_rank.desc(), columns.id)
        .limit(1)
    )
    breaks_next = await connection.scalar(filtered(following, wanted))
    if breaks_next is None and overdue:
        missed = (
            select(columns.id)
            .join(_STEP, _STEP.c.incident_id == columns.id)
            .where(_STEP.c.state == _LATE)
            .order_by(_STEP.c.due_at, columns.tier_rank.desc(), columns.id)
            .limit(1)
        )
        breaks_next = await connection.scalar(filtered(missed, wanted))
    red = (
        select(columns.id)
        .where(columns.tier == gravest, columns.state == State.NEW.value)
        .order_by(columns.opened_at.desc(), columns.id)
        .limit(_MOST_ALARMS)
    )
    alarms = await connection.scalars(filtered(red, wanted))
    return Outstanding(
        open=int(counts[0]),
        unacknowledged=int(counts[1] or 0),
        overdue=overdue,
        breaks_next=breaks_next,
        alarms=tuple(alarms),
    )
