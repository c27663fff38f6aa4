"""The flag of an incident that has reached nobody, or whom nobody answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables


async def mark(connection: AsyncConnection, incident_id: str, at: datetime | None) -> bool | None:
    """Whether the flag was not so before; None when it cannot be told at this moment.

    Leaves the version: nobody edits it. Looked at first, and never waited for: who moves the
    incident at this moment may be about to cancel the timer, or to take back the delivery,
    that this transaction holds.
    """
    row, flag = tables.incident.c, tables.incident.c.reached_nobody_at
    other = flag.is_not(None) if at is None else flag.is_(None)
    found = await connection.scalar(select(row.id).where(row.id == incident_id, other))
    if found is None:
        return False
    free = select(row.id).where(row.id == incident_id).with_for_update(skip_locked=True)
    if await connection.scalar(free) is None:
        return None
    await connection.execute(
        update(tables.incident).where(row.id == incident_id).values(reached_nobody_at=at)
    )
    return True
