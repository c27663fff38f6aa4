"""The state database: one engine, transactions at the edge, SQLite or PostgreSQL by URL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from service.db.inline import connect_inline


class Database:
    """Hands out connections: `read()` for looking, `write()` for one transaction.

    `generation` grows with every committed write of this process that is not `quiet`, so that a
    job may keep what it has read until something was written. Repositories never commit.
    """

    def __init__(self, url: str, *, durable: bool = True, inline: bool = False) -> None:
        """`url` as SQLAlchemy's, with an async driver.

        `durable=False` gives up fsync, `inline` the threads of SQLite: both for replay and tests.
        """
        self.url = make_url(url)
        self.generation = 0
        self._is_sqlite = self.url.get_backend_name() == "sqlite"
        self._write_lock = asyncio.Lock()
        self.engine = self._create(durable=durable, inline=inline)

    @property
    def is_sqlite(self) -> bool:
        return self._is_sqlite

    @property
    def file(self) -> Path | None:
        """Where SQLite keeps it; None in memory and on a server."""
        name = self.url.database
        return Path(name) if self._is_sqlite and name and name != ":memory:" else None

    def _create(self, *, durable: bool, inline: bool) -> AsyncEngine:
        if not self._is_sqlite:
            return create_async_engine(self.url, pool_pre_ping=True, pool_size=10, max_overflow=10)
        options: dict[str, Any] = {"pool_size": 5} if self.file else {"poolclass": StaticPool}
        if inline:
            options["async_creator"] = partial(connect_inline, str(self.file or ":memory:"))
        engine = create_async_engine(self.url, **options)

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            # The driver's implicit BEGIN is deferred: two writers could deadlock on upgrade.
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in (
                "journal_mode=WAL",
                f"synchronous={'FULL' if durable else 'OFF'}",
                "foreign_keys=ON",
                "busy_timeout=10000",
            ):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def begin(connection: Any) -> None:
            immediate = connection.get_execution_options().get("fengsui_write", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

        return engine

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading one consistent snapshot."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self, *, quiet: bool = False) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed when the block ends, rolled back when it raises.

        `quiet` is for what no job or page waits for: author handles, watermarks.
        """
        if not self._is_sqlite:
            async with self.engine.begin() as connection:
                yield connection
            self.generation += not quiet
            return
        async with self._write_lock, self.engine.connect() as plain:
            connection = await plain.execution_options(fengsui_write=True)
            async with connection.begin():
                yield connection
            self.generation += not quiet

    async def close(self) -> None:
        await self.engine.dispose()
