"""Transactions, and the engine's failures as errors of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.stores.errors import StoreError
from service.stores.sqlite_threads import SqliteThreads, store_error


@pytest.fixture
async def threads(tmp_path: Path) -> AsyncIterator[SqliteThreads]:
    opened = SqliteThreads(tmp_path / "x.db", durable=True, readers=1, busy_timeout_seconds=1)
    await opened.write(lambda db: db.execute("CREATE TABLE t (x)"), create=True)
    yield opened
    await opened.close()


def rows(connection: sqlite3.Connection) -> list[tuple[int]]:
    return connection.execute("SELECT x FROM t").fetchall()


async def test_what_raises_is_rolled_back(threads: SqliteThreads) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO t VALUES (1)")
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await threads.write(fail)
    assert await threads.read(rows) == []


async def test_readers_cannot_write(threads: SqliteThreads) -> None:
    with pytest.raises(StoreError, match="readonly"):
        await threads.read(lambda db: db.execute("INSERT INTO t VALUES (1)"))


async def test_a_full_disk_keeps_nothing_of_the_write_and_passes(threads: SqliteThreads) -> None:
    def fill(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("INSERT INTO t VALUES (zeroblob(1000000))")

    await threads.write(lambda db: db.execute("PRAGMA max_page_count = 10").fetchall())
    with pytest.raises(StoreError, match="disk is full"):
        await threads.write(fill)
    assert await threads.read(rows) == []
    await threads.write(lambda db: db.execute("INSERT INTO t VALUES (2)"))
    assert await threads.read(rows) == [(2,)]


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("SQLITE_FULL", "free space"),
        ("SQLITE_BUSY_SNAPSHOT", "another process"),
        ("SQLITE_IOERR_WRITE", "the disk fails"),
        ("SQLITE_CORRUPT_INDEX", "fengsui restore"),
        ("SQLITE_ERROR", "fengsui migrate"),
    ],
)
def test_errors_say_what_where_and_what_to_do(code: str, remedy: str) -> None:
    error = sqlite3.OperationalError("boom")
    error.sqlite_errorname = code
    told = store_error(Path("/data/posts.db"), error)
    assert told.detail.startswith("post store /data/posts.db: boom")
    assert remedy in told.detail


def test_an_error_without_a_code_is_told_too() -> None:
    told = store_error(Path("x.db"), sqlite3.ProgrammingError("odd"))
    assert "odd (ProgrammingError)" in told.detail
