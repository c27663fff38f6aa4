"""Rows of the rules' overlays. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.alone import Alone, alone
from service.db.tables import rule_overlay
from service.rules.model import Overlay


async def lock(connection: AsyncConnection) -> None:
    """Let nobody else save before this transaction ends; on SQLite a write does so anyway.

    Overlays are checked against each other, so two of them must not be saved side by side.
    """
    await alone(connection, Alone.SAVE_RULES)


async def every(connection: AsyncConnection) -> dict[str, Overlay]:
    """All overlays by id of their rule."""
    rows = await connection.execute(select(rule_overlay).order_by(rule_overlay.c.id))
    return {row.id: _overlay(row) for row in rows}


async def save(
    connection: AsyncConnection,
    rule_id: str,
    data: Mapping[str, Any],
    *,
    before: Overlay | None,
    author: str,
    now: datetime,
) -> Overlay:
    """Insert or replace one overlay."""
    values = {"data": dict(data), "author": author, "updated_at": now}
    if before is None:
        await connection.execute(
            insert(rule_overlay).values(id=rule_id, created_at=now, version=1, **values)
        )
    else:
        await connection.execute(
            update(rule_overlay)
            .where(rule_overlay.c.id == rule_id)
            .values(version=before.version + 1, **values)
        )
    found = await connection.execute(select(rule_overlay).where(rule_overlay.c.id == rule_id))
    return _overlay(found.one())


async def remove(connection: AsyncConnection, rule_id: str) -> None:
    """Take an overlay away."""
    await connection.execute(delete(rule_overlay).where(rule_overlay.c.id == rule_id))


def _overlay(row: Row[Any]) -> Overlay:
    return Overlay(
        id=row.id,
        data=row.data,
        author=row.author,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )
