"""Escalations in the state database, inside the caller's transaction."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

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


class Busy(StrEnum):
    """Why a row is not read: somebody writes it at this moment."""

    BUSY = "busy"


async def find(connection: AsyncConnection, escalation_id: str) -> Escalation | Busy | None:
    """By id, held for this transaction; None when it is not there.

    Never waits for whoever holds it now: a handler that has locked its timer would wait for a
    person who is about to cancel that very timer.
    """
    query = select(_TABLE).where(_TABLE.c.id == escalation_id)
    found = await _one(connection, query.with_for_update(skip_locked=True))
    if found is None and await _one(connection, query) is not None:
        return Busy.BUSY
    return found


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


async def is_held(connection: AsyncConnection, incident_id: str) -> bool:
    """Whether somebody has the incident at this moment; locks nothing."""
    held = select(_TABLE.c.id).where(
        _TABLE.c.incident_id == incident_id, _TABLE.c.state == EscalationState.HELD.value
    )
    return await connection.scalar(held) is not None


async def is_unanswered(connection: AsyncConnection, incident_id: str) -> bool:
    """Whether it has been said that nobody answers, and nobody has since; locks nothing."""
    said = select(_TABLE.c.id).where(
        _TABLE.c.incident_id == incident_id,
        _TABLE.c.state.not_in([state.value for state in OVER]),
        _TABLE.c.unanswered_at.is_not(None),
    )
    return await connection.scalar(said) is not None


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
