"""How far each monitor has been looked at, kept so that a restart goes on from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """`seen_until` is an instant of storing, not of publishing."""

    ticked_at: datetime
    seen_until: datetime
    saved_at: datetime | None


async def load(connection: AsyncConnection) -> dict[str, Watermark]:
    """The saved watermarks by monitor."""
    rows = await connection.execute(select(tables.monitor_tick))
    return {
        row["monitor_id"]: Watermark(
            ticked_at=row["ticked_at"], seen_until=row["seen_until"], saved_at=row["ticked_at"]
        )
        for row in rows.mappings()
    }


async def save(
    connection: AsyncConnection, monitor_id: str, *, ticked_at: datetime, seen_until: datetime
) -> None:
    """Insert or move one watermark."""
    table = tables.monitor_tick
    values = {"ticked_at": ticked_at, "seen_until": seen_until}
    done = await connection.execute(
        update(table).where(table.c.monitor_id == monitor_id).values(values)
    )
    if done.rowcount == 0:
        await connection.execute(insert(table).values(monitor_id=monitor_id, **values))
