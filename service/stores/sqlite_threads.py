"""Threads and connections of the embedded store: one thread writes, a few read."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from service.stores.errors import StoreError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_REMEDIES = {
    "SQLITE_FULL": "the disk is full: free space there; nothing of this write was kept",
    "SQLITE_BUSY": "another process holds it locked: stop that one, or try again",
    "SQLITE_LOCKED": "another process holds it locked: stop that one, or try again",
    "SQLITE_CORRUPT": "the file is damaged: restore a backup with `fengsui restore`",
    "SQLITE_NOTADB": "the file is not a SQLite database: set another path, or restore a backup",
    "SQLITE_READONLY": "the file cannot be written: give this user the right to",
    "SQLITE_CANTOPEN": "the file cannot be opened: run `fengsui migrate`, or check path and rights",
    "SQLITE_IOERR": "the disk fails: check it, and the system's log",
}


def store_error(path: Path, error: sqlite3.Error) -> StoreError:
    """The engine's error as ours: what, where, and what to do. Carries no text of any post."""
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    # extended codes such as SQLITE_IOERR_WRITE begin with the plain one
    remedy = next((text for code, text in _REMEDIES.items() if name.startswith(code)), None)
    if remedy is None:
        remedy = "see the message; after an upgrade run `fengsui migrate`"
    return StoreError(f"post store {path}: {error} ({name}); {remedy}")


class SqliteThreads:
    """Runs work on connections of its own, each piece in one transaction."""

    def __init__(
        self,
        path: Path,
        *,
        durable: bool,
        readers: int,
        busy_timeout_seconds: float,
        inline: bool = False,
    ) -> None:
        """`inline` works on the calling thread: in virtual time nobody else waits for the loop."""
        self._inline = inline
        self._path = path
        self._durable = durable
        self._busy_timeout = busy_timeout_seconds
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="posts-write")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="posts-read")
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._closed = False

    async def write(self, work: Work[T], *, create: bool = False) -> T:
        """Run `work` on the writing thread; committed on return, rolled back when it raises."""
        return await self._submit(self._writer, lambda: self._write(work, create=create))

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a reading thread, against one snapshot."""
        return await self._submit(self._readers, lambda: self._transact(work, begin="BEGIN"))

    async def close(self) -> None:
        """Finish what was begun and close every connection; harmless twice."""
        self._closed = True
        await asyncio.to_thread(self._shut_down)

    def _shut_down(self) -> None:
        self._readers.shutdown(wait=True)
        self._writer.shutdown(wait=True)
        while self._open:
            self._open.pop().close()

    async def _submit(self, executor: ThreadPoolExecutor, job: Callable[[], T]) -> T:
        if self._closed:
            raise StoreError(f"post store {self._path} is closed")
        try:
            if self._inline:
                return job()
            return await asyncio.get_running_loop().run_in_executor(executor, job)
        except sqlite3.Error as error:
            raise store_error(self._path, error) from error

    def _write(self, work: Work[T], *, create: bool) -> T:
        if create and not hasattr(self._local, "connection"):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(
                    f"post store {self._path}: cannot make its directory: {error}"
                ) from error
            self._connect(mode="rwc")
        return self._transact(work, begin="BEGIN IMMEDIATE")

    def _transact(self, work: Work[T], *, begin: str) -> T:
        connection = self._connection(writes=begin != "BEGIN")
        connection.execute(begin)
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            # a full disk rolls back by itself
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _connection(self, *, writes: bool) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._connect(mode="rw")
            if not writes and not self._inline:
                found.execute("PRAGMA query_only = ON")
        return found

    def _connect(self, *, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,  # closed by the closing thread, after the others have ended
            timeout=self._busy_timeout,
            cached_statements=256,
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'OFF'}")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA cache_size = -32000")
            connection.execute("PRAGMA journal_size_limit = 67108864")
            # erased posts are overwritten where that costs no extra write
            connection.execute("PRAGMA secure_delete = FAST")
        except sqlite3.Error:
            connection.close()
            raise
        self._local.connection = connection
        self._open.append(connection)
        return connection
