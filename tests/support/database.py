"""Temporary state databases for tests: a SQLite file, and a schema on PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_mock_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

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
    """A Database on a file in `folder`, with all tables unless told otherwise.

    Without the driver's threads, which were half of a test: what happens between two statements of
    a transaction is for PostgreSQL to show, the threads for `tests/service/db/test_engine.py`.
    """
    file = folder / "state.db"
    if tables:
        file.write_bytes(_sqlite_image())
    database = Database(f"sqlite+aiosqlite:///{file}", durable=False, inline=True)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def postgres_database(url: str, *, tables: bool = True) -> AsyncIterator[Database]:
    """A Database in a schema that no other test uses meanwhile.

    One with all tables is emptied afterwards and lent again: making and dropping four hundred
    tables and indexes took longer than most tests. `drop_spare` drops what is left of them.
    """
    spare = _SPARE.setdefault(url, [])
    schema = spare.pop() if tables and spare else None
    is_new = schema is None
    schema = schema or f"test_{uuid.uuid4().hex[:16]}"
    admin = create_async_engine(url)
    if is_new:
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
        if tables and is_new:
            await create_tables(database)
        yield database
    finally:
        await database.close()
        if tables and await _emptied(admin, schema):
            spare.append(schema)
        else:
            await _drop(admin, schema)
        await admin.dispose()


_SPARE: dict[str, list[str]] = {}
"""Schemas with every table and nothing in them, by the URL of their server."""

_EMPTY = """
DO $$ DECLARE named text; filled boolean; BEGIN
  SET LOCAL lock_timeout = '2s';
  SET LOCAL session_replication_role = replica;
  FOR named IN SELECT tablename FROM pg_tables WHERE schemaname = '{schema}' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM {schema}.%I)', named) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM {schema}.%I', named); END IF;
  END LOOP;
  FOR named IN SELECT sequencename FROM pg_sequences
      WHERE schemaname = '{schema}' AND last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE {schema}.%I RESTART', named);
  END LOOP;
END $$
"""


async def _emptied(admin: AsyncEngine, schema: str) -> bool:
    """Take everything out of a schema; False where somebody holds on to a table of it."""
    try:
        async with admin.begin() as connection:
            await connection.execute(text(_EMPTY.format(schema=schema)))
    except DBAPIError:
        return False
    return True


async def _drop(admin: AsyncEngine, schema: str) -> None:
    async with admin.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))


async def drop_spare() -> None:
    """Drop the schemas that were kept to be lent again, a schema a transaction."""
    for url, schemas in _SPARE.items():
        admin = create_async_engine(url)
        while schemas:
            await _drop(admin, schemas.pop())
        await admin.dispose()


@asynccontextmanager
async def postgres_of_its_own() -> AsyncIterator[str]:
    """URL of a fresh, empty database for processes of their own, dropped afterwards.

    Needs FENGSUI_TEST_POSTGRES_URL.
    """
    url = postgres_url()
    if url is None:
        raise LookupError(f"set {POSTGRES_VARIABLE} to test on PostgreSQL")
    name = f"test_{uuid.uuid4().hex[:16]}"
    admin = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        # With its password: the processes are to sign in.
        yield admin.url.set(database=name).render_as_string(hide_password=False)
    finally:
        async with admin.connect() as connection:
            await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        await admin.dispose()


async def create_tables(database: Database) -> None:
    """Every table, straight from the metadata: the migrations have tests of their own."""
    statements = _statements(database.engine.url.drivername)
    async with database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for statement in statements:
                await connection.exec_driver_sql(statement)
            return
        # In one go: an answer from the server for each takes longer than most tests.
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute(";".join(statements))


@cache
def _sqlite_image() -> bytes:
    """A file with every table, which most tests begin with."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(";".join(_statements("sqlite")))
        return connection.serialize()


@cache
def _statements(driver: str) -> tuple[str, ...]:
    """Compiled once; `create_all` would also ask after each table first."""
    statements: list[str] = []

    def note(statement: Any, *_: Any, **__: Any) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine(f"{driver}://", note)
    metadata.create_all(engine, checkfirst=False)
    return tuple(statements)


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
