"""What the state database says of crises in a time. Functions take a connection, none commits.

Drills are never counted, nor what is private to its rota.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.tables import incident, step
from service.incidents import Kind
from service.incidents.lifecycle import OPEN_STATES
from service.indicators import Window

_OVER = ("done", "skipped", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStep:
    """A step that waits to be done."""

    incident_id: str
    incident: str
    tier: str
    title: Mapping[str, str]
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A crisis with its instants."""

    id: str
    title: str
    tier: str
    state: str
    first_post_at: datetime
    opened_at: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None


async def open_by_tier(connection: AsyncConnection, monitors: Sequence[str]) -> dict[str, int]:
    """How many are open now, by tier."""
    rows = await connection.execute(
        select(incident.c.tier, func.count().label("number"))
        .where(*_crises(monitors), _is_open())
        .group_by(incident.c.tier)
    )
    return {row.tier: int(row.number) for row in rows}


async def overdue_steps(
    connection: AsyncConnection, monitors: Sequence[str], *, now: datetime
) -> int:
    """Steps of open crises whose time has passed, and that nobody has done."""
    found = await connection.scalar(
        _waiting(monitors, select(func.count())).where(step.c.due_at <= now)
    )
    return int(found or 0)


async def steps_due(
    connection: AsyncConnection, monitors: Sequence[str], window: Window, *, limit: int
) -> tuple[tuple[DueStep, ...], int]:
    """Steps of open crises that fall due in the window, the first one first, and how many."""
    inside = (step.c.due_at >= window.since, step.c.due_at < window.until)
    number = await connection.scalar(_waiting(monitors, select(func.count())).where(*inside))
    rows = await connection.execute(
        _waiting(
            monitors,
            select(
                incident.c.id.label("incident_id"),
                incident.c.title.label("incident"),
                incident.c.tier,
                step.c.title,
                step.c.due_at,
            ),
        )
        .where(*inside)
        .order_by(step.c.due_at, incident.c.id, step.c.position)
        .limit(limit)
    )
    return tuple(DueStep(**row._mapping) for row in rows), int(number or 0)


async def opened(
    connection: AsyncConnection, monitors: Sequence[str], window: Window, *, limit: int
) -> tuple[tuple[Course, ...], int]:
    """Crises opened in the window, the gravest first, and how many."""
    return await _courses(connection, monitors, incident.c.opened_at, window, limit=limit)


async def closed(
    connection: AsyncConnection, monitors: Sequence[str], window: Window, *, limit: int
) -> tuple[tuple[Course, ...], int]:
    """Crises closed in the window, the gravest first, and how many."""
    return await _courses(connection, monitors, incident.c.closed_at, window, limit=limit)


async def _courses(
    connection: AsyncConnection,
    monitors: Sequence[str],
    at: ColumnElement[Any],
    window: Window,
    *,
    limit: int,
) -> tuple[tuple[Course, ...], int]:
    wanted = (*_crises(monitors), at >= window.since, at < window.until)
    number = await connection.scalar(select(func.count()).select_from(incident).where(*wanted))
    rows = await connection.execute(
        select(*(incident.c[name] for name in Course.__dataclass_fields__))
        .where(*wanted)
        .order_by(incident.c.tier_rank.desc(), at, incident.c.id)
        .limit(limit)
    )
    return tuple(Course(**row._mapping) for row in rows), int(number or 0)


def _waiting(monitors: Sequence[str], query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(step.join(incident, incident.c.id == step.c.incident_id))
        .where(*_crises(monitors), _is_open())
        .where(step.c.state.not_in(_OVER), step.c.due_at.is_not(None))
    )


def _is_open() -> ColumnElement[bool]:
    return incident.c.state.in_([state.value for state in OPEN_STATES])


def _crises(monitors: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        incident.c.kind == Kind.CRISIS.value,
        incident.c.drill.is_(False),
        incident.c.monitor_id.in_(list(monitors)),
    )
