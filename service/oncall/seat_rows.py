"""Seats of emergency teams in the state database, inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.statement import insert

_TABLE = tables.seat


class SeatState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A playbook role that the team needs; `holder` is the principal who has it."""

    incident_id: str
    role: str
    state: SeatState
    asked_at: datetime
    holder: str | None = None
    deputy_asked_at: datetime | None = None
    answered_at: datetime | None = None
    note: str | None = None


async def ask(
    connection: AsyncConnection, incident_id: str, role: str, *, at: datetime, again: bool = False
) -> bool:
    """A seat to be taken; False when it is there already.

    With `again` one that is there, but that nobody has taken, is to be taken anew.
    """
    fresh = {"state": SeatState.ASKED.value, "asked_at": at}
    done = await connection.execute(
        insert(connection, _TABLE)
        .values(incident_id=incident_id, role=role, **fresh)
        .on_conflict_do_nothing(index_elements=["incident_id", "role"])
    )
    if done.rowcount == 1 or not again:
        return done.rowcount == 1
    nobody = {"holder": None, "deputy_asked_at": None, "answered_at": None, "note": None}
    renewed = await connection.execute(
        update(_TABLE)
        .where(
            _TABLE.c.incident_id == incident_id,
            _TABLE.c.role == role,
            _TABLE.c.state != SeatState.ACCEPTED.value,
        )
        .values(**fresh, **nobody)
    )
    return renewed.rowcount == 1


async def change(connection: AsyncConnection, seat: Seat, **values: Any) -> None:
    """Write some columns of a seat."""
    await connection.execute(
        update(_TABLE)
        .where(_TABLE.c.incident_id == seat.incident_id, _TABLE.c.role == seat.role)
        .values(values)
    )


async def free(connection: AsyncConnection, incident_id: str, role: str) -> Seat | None:
    """One seat, held for this transaction. It fails while somebody writes it, and never waits.

    A handler that waited would hold the timer which that person is about to cancel.
    """
    query = select(_TABLE).where(_TABLE.c.incident_id == incident_id, _TABLE.c.role == role)
    row = (await connection.execute(query.with_for_update(nowait=True))).first()
    return None if row is None else _read(row)


async def of_incident(connection: AsyncConnection, incident_id: str) -> tuple[Seat, ...]:
    """Every seat by role."""
    query = select(_TABLE).where(_TABLE.c.incident_id == incident_id).order_by(_TABLE.c.role)
    return tuple(_read(row) for row in await connection.execute(query))


async def held(connection: AsyncConnection, incident_id: str) -> tuple[Seat, ...]:
    """Every seat by role, held for this transaction: the last one completes the team."""
    query = select(_TABLE).where(_TABLE.c.incident_id == incident_id).order_by(_TABLE.c.role)
    return tuple(_read(row) for row in await connection.execute(query.with_for_update()))


def _read(row: Row[Any]) -> Seat:
    return Seat(**{**row._mapping, "state": SeatState(row.state)})
