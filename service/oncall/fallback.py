"""Whether the channel of last resort is there to be used."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables


async def fallback_problem(connection: AsyncConnection, channel: str) -> str | None:
    """What is wrong with it and what to do, None when it takes messages."""
    table = tables.channel
    row = (await connection.execute(select(table).where(table.c.id == channel))).first()
    if row is None:
        known = await connection.execute(
            select(table.c.id).where(table.c.enabled, table.c.drill.is_(False)).order_by(table.c.id)
        )
        there = ", ".join(known.scalars()) or "none"
        return f"there is no such channel; name one of these, or make it: {there}"
    if row.drill:
        return "it is a channel of drills; name one of the real thing"
    if not row.enabled:
        return "it is disabled; enable it, or name another"
    return None
