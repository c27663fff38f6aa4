"""Screenshots in the state database. Functions never commit."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.statement import insert
from service.errors import NotFound
from service.evidence.screenshots import Screenshot

_TABLE = tables.evidence_screenshot
_ABOUT = [column for column in _TABLE.c if column.name not in ("content", "incident_id")]


async def add(
    connection: AsyncConnection, incident_id: str, shot: Screenshot, content: bytes
) -> bool:
    """False when the same picture of that post is there already."""
    made = await connection.execute(
        insert(connection, _TABLE)
        .values(
            incident_id=incident_id,
            content=content,
            **{name: getattr(shot, name) for name in Screenshot.__dataclass_fields__},
        )
        .on_conflict_do_nothing(index_elements=["incident_id", "post_id", "sha256"])
    )
    return bool(made.rowcount)


async def of_incident(connection: AsyncConnection, incident_id: str) -> tuple[Screenshot, ...]:
    """All but their bytes, by post and then the oldest first."""
    rows = await connection.execute(
        select(*_ABOUT)
        .where(_TABLE.c.incident_id == incident_id)
        .order_by(_TABLE.c.post_id, _TABLE.c.at, _TABLE.c.sha256)
    )
    return tuple(_screenshot(row) for row in rows.mappings())


async def count(connection: AsyncConnection, incident_id: str, post_id: str) -> int:
    """How many a post has."""
    found = await connection.scalar(
        select(func.count())
        .select_from(_TABLE)
        .where(_TABLE.c.incident_id == incident_id, _TABLE.c.post_id == post_id)
    )
    return int(found or 0)


async def content_of(
    connection: AsyncConnection, incident_id: str, post_id: str, sha256: str
) -> tuple[Screenshot, bytes]:
    """One with its bytes. Raises NotFound."""
    rows = await connection.execute(
        select(*_ABOUT, _TABLE.c.content).where(
            _TABLE.c.incident_id == incident_id,
            _TABLE.c.post_id == post_id,
            _TABLE.c.sha256 == sha256,
        )
    )
    row = rows.mappings().first()
    if row is None:
        raise NotFound(f"incident {incident_id} has no such screenshot of post {post_id}")
    return _screenshot(row), bytes(row["content"])


async def contents(
    connection: AsyncConnection, incident_id: str
) -> AsyncIterator[tuple[Screenshot, bytes]]:
    """Each with its bytes, one in memory at a time."""
    for shot in await of_incident(connection, incident_id):
        yield await content_of(connection, incident_id, shot.post_id, shot.sha256)


def _screenshot(row: RowMapping) -> Screenshot:
    return Screenshot(**{name: row[name] for name in Screenshot.__dataclass_fields__})
