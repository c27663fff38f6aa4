"""How a channel fares: since when it fails, and whether we switched it off.

Beside the catalogue's row, whose version counts what people change.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.statement import insert
from service.db.tables import channel_health as table
from service.db.tables import delivery, delivery_attempt
from service.delivery.model import SendOutcome

GIVEN_UP_AFTER = timedelta(hours=120)
"""Failures and nothing else for so long switch a channel off."""

LONGEST_GAP = timedelta(hours=26)
"""Between two failures of one run: the schedule's longest step with its jitter. Crisis channels are
quiet for weeks, and two failures far apart say nothing of the time between."""
LEAST_FAILURES = 10


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


async def is_given_up(
    connection: AsyncConnection, channel_id: str, *, since: datetime, at: datetime
) -> bool:
    """Whether it has failed all the time from `since` to `at`, and often enough to be sure.

    After a gap among its failures the run begins anew, and that is kept.
    """
    if at - since < GIVEN_UP_AFTER:
        return False
    rows = await connection.execute(
        select(delivery_attempt.c.at)
        .join(delivery, delivery.c.id == delivery_attempt.c.delivery_id)
        .where(
            delivery.c.channel_id == channel_id,
            delivery_attempt.c.at >= since,
            delivery_attempt.c.at <= at,
            delivery_attempt.c.outcome == SendOutcome.RETRY.value,
        )
        .order_by(delivery_attempt.c.at.desc())
    )
    began, failures = at, 0
    for earlier in rows.scalars():
        if began - earlier > LONGEST_GAP:
            break
        began, failures = earlier, failures + 1
    if began != since:
        await _set(connection, channel_id, failing_since=began)
    return at - began >= GIVEN_UP_AFTER and failures >= LEAST_FAILURES


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


async def _set(connection: AsyncConnection, channel_id: str, **values: Any) -> None:
    await _ensure(connection, channel_id)
    await connection.execute(update(table).where(table.c.channel_id == channel_id).values(**values))


async def _ensure(connection: AsyncConnection, channel_id: str) -> None:
    await connection.execute(
        insert(connection, table)
        .values(channel_id=channel_id)
        .on_conflict_do_nothing(index_elements=["channel_id"])
    )
