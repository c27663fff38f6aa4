"""Statements that SQLAlchemy spells differently for each engine, spelt once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update` on both engines."""
    engines: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    statement: postgresql.Insert | sqlite.Insert = engines[connection.dialect.name](table)
    return statement
