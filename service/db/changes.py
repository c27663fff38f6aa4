"""Change events: how replicas and caches learn that something was edited, by polling one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.tables import change_event


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something of a kind (`monitor`, `channel`, …) was edited at an instant."""

    id: int
    at: datetime
    kind: str
    subject_id: str
    data: Mapping[str, Any]


async def announce(
    connection: AsyncConnection,
    *,
    at: datetime,
    kind: str,
    subject_id: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append a change in the caller's transaction, so that it is seen exactly when the edit is."""
    await connection.execute(
        change_event.insert().values(at=at, kind=kind, subject_id=subject_id, data=dict(data or {}))
    )


async def changes_after(
    connection: AsyncConnection, last_id: int, *, limit: int = 500
) -> tuple[Change, ...]:
    """Changes with an id above `last_id`, oldest first.

    PostgreSQL hands ids out before commit, so a lower id may appear after a higher one was read:
    a reader that must miss nothing compares `mark` instead.
    """
    rows = await connection.execute(
        select(change_event)
        .where(change_event.c.id > last_id)
        .order_by(change_event.c.id)
        .limit(limit)
    )
    return tuple(Change(**row._mapping) for row in rows)


async def mark(connection: AsyncConnection, *kinds: str) -> tuple[int, int]:
    """(highest id, count) of the changes of the kinds: differs as soon as any of them was added.

    The count catches a lower id that was committed late, which the highest id alone would miss.
    """
    chosen = select(func.coalesce(func.max(change_event.c.id), 0), func.count())
    row = (
        await connection.execute(
            chosen.select_from(change_event).where(change_event.c.kind.in_(kinds))
        )
    ).one()
    return int(row[0]), int(row[1])


async def prune(connection: AsyncConnection, *, now: datetime, older_than: timedelta) -> int:
    """Forget changes that every replica has long seen; answers how many."""
    gone = await connection.execute(
        delete(change_event).where(change_event.c.at < now - older_than)
    )
    return gone.rowcount
