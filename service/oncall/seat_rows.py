"""Seats of emergency teams in the state database, inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
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


async def ask(connection: AsyncConnection, incident_id: str, role: str, *, at: datetime) -> bool:
    """A seat to be taken; False when it is there already."""
    done = await connection.execute(
        insert(connection, _TABLE)
        .values(incident_id=incident_id, role=role, state=SeatState.ASKED.value, asked_at=at)
        .on_conflict_do_nothing(index_elements=["incident_id", "role"])
    )
    return done.rowcount == 1


async def change(connection: AsyncConnection, seat: Seat, **values: Any) -> None:
    """Write some columns of a seat."""
    await connection.execute(
        update(_TABLE)
        .where(_TABLE.c.incident_id == seat.incident_id, _TABLE.c.role == seat.role)
        .values(values)
    )


async def of_incident(connection: AsyncConnection, incident_id: str) -> tuple[Seat, ...]:
    """Every seat by role, held for this transaction: the last one completes the team."""
    rows = await connection.execute(
        select(_TABLE)
        .where(_TABLE.c.incident_id == incident_id)
        .order_by(_TABLE.c.role)
        .with_for_update()
    )
    return tuple(Seat(**{**row._mapping, "state": SeatState(row.state)}) for row in rows)
