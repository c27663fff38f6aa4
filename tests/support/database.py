"""Temporary state databases for tests: a SQLite file, and a schema of its own on PostgreSQL."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine

from service.db import Database
from service.db.tables import metadata

POSTGRES_VARIABLE = "FENGSUI_TEST_POSTGRES_URL"


def postgres_url() -> str | None:
    """`postgresql+asyncpg://…` of the server that tests may use, None when there is none."""
    url = os.environ.get(POSTGRES_VARIABLE)
    if not url:
        return None
    return "postgresql+asyncpg://" + url.partition("://")[2]


@asynccontextmanager
async def sqlite_database(folder: Path, *, tables: bool = True) -> AsyncIterator[Database]:
    """A Database on a file in `folder`, with all tables unless told otherwise."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'state.db'}", durable=False)
    try:
        if tables:
            await create_tables(database)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def postgres_database(url: str, *, tables: bool = True) -> AsyncIterator[Database]:
    """A Database in a fresh schema, dropped afterwards, so that tests do not see each other."""
    schema = f"test_{uuid.uuid4().hex[:16]}"
    admin = create_async_engine(url)
    async with admin.begin() as connection:
        await connection.execute(text(f"CREATE SCHEMA {schema}"))
    database = Database(url)

    @event.listens_for(database.engine.sync_engine, "connect")
    def use_schema(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET search_path TO {schema}")
        cursor.close()
        connection.commit()

    try:
        if tables:
            await create_tables(database)
        yield database
    finally:
        await database.close()
        async with admin.begin() as connection:
            await connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        await admin.dispose()


async def create_tables(database: Database) -> None:
    """Every table, straight from the metadata: the migrations have tests of their own."""
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)


@asynccontextmanager
async def open_database(
    engine: str, folder: Path, *, tables: bool = True
) -> AsyncIterator[Database]:
    """`engine` is `sqlite` or `postgres`; the latter needs FENGSUI_TEST_POSTGRES_URL."""
    if engine == "sqlite":
        async with sqlite_database(folder, tables=tables) as database:
            yield database
        return
    url = postgres_url()
    if url is None:
        raise LookupError(f"set {POSTGRES_VARIABLE} to test on PostgreSQL")
    async with postgres_database(url, tables=tables) as database:
        yield database
