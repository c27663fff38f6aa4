"""Escalations in the state database, inside the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import SYSTEM
from service.db import tables
from service.oncall.books import body_of, read_draft
from service.oncall.escalation import OVER, Escalation, EscalationState
from service.oncall.model import ChainDraft

_TABLE = tables.escalation


async def add(connection: AsyncConnection, escalation: Escalation) -> bool:
    """Insert a new one; False when it is there already."""
    if await find(connection, escalation.id) is not None:
        return False
    await connection.execute(insert(_TABLE).values(_values(escalation)))
    return True


async def save(connection: AsyncConnection, escalation: Escalation) -> None:
    """Write it as it is now."""
    values = _values(escalation)
    await connection.execute(update(_TABLE).where(_TABLE.c.id == escalation.id).values(values))


async def find(connection: AsyncConnection, escalation_id: str) -> Escalation | None:
    """By id, held for this transaction.

    Never waits for whoever holds it now: a handler that has locked its timer would wait for a
    person who is about to cancel that very timer. It fails instead, and its timer fires again.
    """
    query = select(_TABLE).where(_TABLE.c.id == escalation_id)
    return await _one(connection, query.with_for_update(nowait=True))


async def alive(connection: AsyncConnection, incident_id: str) -> Escalation | None:
    """The one that pages the incident or is held, held for this transaction."""
    return await _one(
        connection,
        select(_TABLE)
        .where(
            _TABLE.c.incident_id == incident_id,
            _TABLE.c.state.not_in([state.value for state in OVER]),
        )
        .with_for_update(),
    )


async def of_incident(connection: AsyncConnection, incident_id: str) -> tuple[Escalation, ...]:
    """Every one there was, oldest first."""
    rows = await connection.execute(
        select(_TABLE)
        .where(_TABLE.c.incident_id == incident_id)
        .order_by(_TABLE.c.started_at, _TABLE.c.tier_rank)
    )
    return tuple(_read(row) for row in rows)


async def running(connection: AsyncConnection) -> tuple[Escalation, ...]:
    """All that still page."""
    rows = await connection.execute(
        select(_TABLE)
        .where(_TABLE.c.state == EscalationState.RUNNING.value)
        .order_by(_TABLE.c.started_at, _TABLE.c.id)
    )
    return tuple(_read(row) for row in rows)


async def last_act(connection: AsyncConnection, incident_id: str) -> datetime | None:
    """When a person last did something about the incident, by its timeline."""
    table = tables.incident_event
    at: datetime | None = await connection.scalar(
        select(func.max(table.c.at)).where(
            table.c.incident_id == incident_id, table.c.actor != SYSTEM
        )
    )
    return at


async def _one(connection: AsyncConnection, query: Select[Any]) -> Escalation | None:
    row = (await connection.execute(query)).first()
    return None if row is None else _read(row)


def _values(escalation: Escalation) -> dict[str, Any]:
    values = {name: getattr(escalation, name) for name in Escalation.__dataclass_fields__}
    chain = escalation.chain
    values["chain"] = {"id": chain.id, "name": chain.name, **body_of(chain)}
    values["state"] = escalation.state.value
    return values


def _read(row: Row[Any]) -> Escalation:
    values = dict(row._mapping)
    values["state"] = EscalationState(values["state"])
    values["chain"] = read_draft(ChainDraft, values["chain"])
    return Escalation(**values)
