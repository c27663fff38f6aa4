"""How far allowances are spent, as all replicas know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.statement import insert
from service.db.tables import allowance as table
from service.delivery.pacing import Limit, Spending, allow_within


async def look(connection: AsyncConnection, limits: Sequence[Limit], *, now: datetime) -> Spending:
    """May one message go at `now`? The rows stay ours until the transaction ends."""
    keys = sorted(limit.key for limit in limits)  # in one order, so that nobody waits in a circle
    if not keys:
        return allow_within((), spent={}, now=now)
    await connection.execute(
        insert(connection, table).on_conflict_do_nothing(index_elements=["id"]),
        [{"id": key, "spent_until": now} for key in keys],
    )
    rows = await connection.execute(
        select(table).where(table.c.id.in_(keys)).order_by(table.c.id).with_for_update()
    )
    return allow_within(limits, spent={row.id: row.spent_until for row in rows}, now=now)


async def spend(connection: AsyncConnection, spent_until: Mapping[str, datetime]) -> None:
    """Remember that one message goes."""
    for key, until in spent_until.items():
        await connection.execute(update(table).where(table.c.id == key).values(spent_until=until))
