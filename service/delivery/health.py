"""How a channel fares: since when it fails, whether we switched it off, how much it may still send.

Beside the catalogue's row, whose version counts what people change.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.statement import insert
from service.db.tables import channel_health as table

GIVEN_UP_AFTER = timedelta(hours=120)
"""Failures and nothing else for so long switch a channel off."""


async def note_success(connection: AsyncConnection, channel_id: str) -> None:
    """It works: whatever failed before is forgotten."""
    await connection.execute(
        update(table)
        .where(table.c.channel_id == channel_id, table.c.failing_since.is_not(None))
        .values(failing_since=None)
    )


async def note_failure(connection: AsyncConnection, channel_id: str, *, at: datetime) -> datetime:
    """It failed at `at`; answers since when it has done nothing else."""
    await _ensure(connection, channel_id)
    await connection.execute(
        update(table)
        .where(table.c.channel_id == channel_id, table.c.failing_since.is_(None))
        .values(failing_since=at)
    )
    since: datetime | None = await connection.scalar(
        select(table.c.failing_since).where(table.c.channel_id == channel_id)
    )
    return since or at


async def switched_off(connection: AsyncConnection, channel_id: str, *, at: datetime) -> None:
    """We have switched it off: its fallback stands in."""
    await _set(connection, channel_id, switched_off_at=at)


async def turned_on(connection: AsyncConnection, channel_id: str) -> None:
    """A person has turned it on, or taken it away: the past counts no more."""
    await connection.execute(
        update(table)
        .where(table.c.channel_id == channel_id)
        .values(switched_off_at=None, failing_since=None)
    )


async def spent_until(connection: AsyncConnection, channel_id: str) -> datetime | None:
    """How far its allowance is spent; the row stays ours until the transaction ends."""
    await _ensure(connection, channel_id)
    spent: datetime | None = await connection.scalar(
        select(table.c.paced_until).where(table.c.channel_id == channel_id).with_for_update()
    )
    return spent


async def spend(connection: AsyncConnection, channel_id: str, *, until: datetime) -> None:
    """Remember how far its allowance is spent."""
    await _set(connection, channel_id, paced_until=until)


async def _set(connection: AsyncConnection, channel_id: str, **values: Any) -> None:
    await _ensure(connection, channel_id)
    await connection.execute(update(table).where(table.c.channel_id == channel_id).values(**values))


async def _ensure(connection: AsyncConnection, channel_id: str) -> None:
    await connection.execute(
        insert(connection, table)
        .values(channel_id=channel_id)
        .on_conflict_do_nothing(index_elements=["channel_id"])
    )
