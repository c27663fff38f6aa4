"""What is asked for of a source's past, and how far that has come. Values and queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.statement import insert
from service.db.storable import storable
from service.db.tables import source_backfill as table


class PastState(StrEnum):
    """How a back-fill stands."""

    RUNNING = "running"
    DONE = "done"
    """The range was gone through, or the source gives no more of it: then `reason` says so."""
    STOPPED = "stopped"
    """By a person."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRead:
    """A back-fill of what a source published in [since, until).

    `posts` were in the range, `stored` of them new to the store; `reached` is when the last post
    on the way was published, `share` how much of the range lies behind it.
    """

    source_id: str
    state: PastState
    since: datetime
    until: datetime
    cursor: Mapping[str, Any] | None = None
    pages: int = 0
    posts: int = 0
    stored: int = 0
    reached: datetime | None = None
    share: float = 0.0
    reason: str | None = None
    failures: int = 0
    requested_by: str
    requested_at: datetime
    updated_at: datetime
    due_at: datetime | None = None


async def find(connection: AsyncConnection, source_id: str) -> PastRead | None:
    """The last back-fill of a source; None if there was none."""
    rows = await connection.execute(select(table).where(table.c.source_id == source_id))
    row = rows.mappings().first()
    return None if row is None else _read(row)


async def put(connection: AsyncConnection, past: PastRead) -> None:
    """Begin a back-fill in place of the source's last one."""
    values = _values(past)
    await connection.execute(
        insert(connection, table)
        .values(values)
        .on_conflict_do_update(index_elements=["source_id"], set_=values)
    )


async def keep(connection: AsyncConnection, before: PastRead, after: PastRead) -> bool:
    """Keep progress; False if somebody has stopped it, or begun another, since it was read."""
    done = await connection.execute(
        update(table)
        .where(
            table.c.source_id == before.source_id,
            table.c.requested_at == before.requested_at,
            table.c.state == PastState.RUNNING.value,
        )
        .values(_values(after))
    )
    return done.rowcount == 1


async def due(connection: AsyncConnection, *, now: datetime) -> tuple[PastRead, ...]:
    """Running back-fills whose next page is due."""
    rows = await connection.execute(
        select(table)
        .where(table.c.state == PastState.RUNNING.value, table.c.due_at <= now)
        .order_by(table.c.due_at, table.c.source_id)
    )
    return tuple(_read(row) for row in rows.mappings())


async def earliest(connection: AsyncConnection) -> datetime | None:
    """When the next page of any is due."""
    found: datetime | None = await connection.scalar(
        select(func.min(table.c.due_at)).where(table.c.state == PastState.RUNNING.value)
    )
    return found


def ended(past: PastRead, state: PastState, *, reason: str | None, now: datetime) -> PastRead:
    """The back-fill as one that goes on no more."""
    share = 1.0 if state is PastState.DONE else past.share
    return replace(past, state=state, reason=reason, share=share, updated_at=now, due_at=None)


def _values(past: PastRead) -> dict[str, Any]:
    values = {name: getattr(past, name) for name in PastRead.__dataclass_fields__}
    values["state"] = past.state.value
    values["cursor"] = None if past.cursor is None else storable(dict(past.cursor))
    values["reason"] = storable(past.reason)
    return values


def _read(row: RowMapping) -> PastRead:
    values = {name: row[name] for name in PastRead.__dataclass_fields__}
    return PastRead(**{**values, "state": PastState(values["state"])})
