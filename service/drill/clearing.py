"""Deleting what drills left: their incidents, with every row that hangs on these. Audit stays."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, Table, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables

_NAMING = ("timer", "outbox", "step")
"""Tables that name an incident without a foreign key."""


async def clear(connection: AsyncConnection, incident_ids: Sequence[str]) -> int:
    """Delete incidents with all that is about them; answers how many there were.

    Only drills: an id of a real incident is passed over.
    """
    incident = tables.incident
    doomed = select(incident.c.id).where(
        incident.c.id.in_(list(incident_ids)), incident.c.drill.is_(True)
    )
    ids = list((await connection.execute(doomed)).scalars().all())
    if not ids:
        return 0
    promises = select(tables.promise.c.id).where(tables.promise.c.incident_id.in_(ids))
    # Whatever hangs on a row goes before it: the tables come in that order.
    for table in reversed(tables.metadata.sorted_tables):
        condition = _condition(table, ids)
        if table is tables.timer:
            condition.append(table.c.subject_id.in_(promises))
        if condition:
            await connection.execute(delete(table).where(or_(*condition)))
    return len(ids)


def _condition(table: Table, ids: Sequence[str]) -> list[ColumnElement[bool]]:
    """The rows of a table that belong to those incidents, directly or through another table."""
    if table is tables.incident:
        return [table.c.id.in_(ids)]
    if table.name in _NAMING:
        return [table.c.incident_id.in_(ids)]
    found: list[ColumnElement[bool]] = []
    for key in table.foreign_keys:
        parent = key.column.table
        if parent is tables.incident:
            found.append(key.parent.in_(ids))
        elif parent is not table and (rows := _rows(parent, key.column.name, ids)) is not None:
            found.append(key.parent.in_(rows))
    return found


def _rows(table: Table, column: str, ids: Sequence[str]) -> Select[tuple[str]] | None:
    """The rows of a table about those incidents, None for a table that is about none."""
    condition = _condition(table, ids)
    return select(table.c[column]).where(or_(*condition)) if condition else None
