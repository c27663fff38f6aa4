"""What breaks in a simulated run: the process dies, or the database does not do what it is asked.

A process dies by an exception that nothing in the service may catch: what it had in memory is gone,
its open transaction is undone, and what it has committed stays.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import Database


class Killed(BaseException):
    """The process is gone at this instant. No `except Exception` may stop it."""


class SimulatedError(OperationalError):
    """The database answers with an error, as SQLAlchemy would raise it."""

    def __init__(self, words: str) -> None:
        super().__init__("a statement", {}, sqlite3.OperationalError(words))


class Fault(StrEnum):
    """Where in a transaction it breaks."""

    KILL_STATEMENT = "kill_statement"
    KILL_BEFORE_COMMIT = "kill_before_commit"
    KILL_AFTER_COMMIT = "kill_after_commit"
    LOCKED = "locked"
    COMMIT_FAILED = "commit_failed"
    ANSWER_LOST = "answer_lost"
    """The transaction is committed, and whoever committed it is told that it failed."""


_WRITE_WEIGHS = 10
"""Jobs mostly look; what matters breaks in the middle of a transaction."""
_BEFORE = {Fault.KILL_BEFORE_COMMIT, Fault.COMMIT_FAILED}
_AFTER = {Fault.KILL_AFTER_COMMIT, Fault.ANSWER_LOST}


class Faults:
    """Counts statements down to the next fault; nothing breaks outside of `armed`."""

    def __init__(self, chance: Random, *, every: int | None) -> None:
        """`every` is the mean number of statements between two faults; None: none happens."""
        self._chance = chance
        self._every = every
        self._armed = False
        self._left = self._draw()
        self._at_commit: Fault | None = None
        self.happened: Counter[Fault] = Counter()

    @contextmanager
    def armed(self) -> Iterator[None]:
        """From here on things break."""
        before, self._armed = self._armed, True
        try:
            yield
        finally:
            self._armed, self._at_commit = before, None

    def statement(self, words: str) -> None:
        """A statement is about to be executed."""
        if not self._armed or self._every is None or self._at_commit is not None:
            return
        self._left -= 1 if words.startswith("SELECT") else _WRITE_WEIGHS
        if self._left > 0:
            return
        self._left = self._draw()
        fault = self._chance.choice(tuple(Fault))
        if fault in _BEFORE or fault in _AFTER:
            self._at_commit = fault
        else:
            self._break(fault)

    def before_commit(self) -> None:
        """A transaction is about to be committed."""
        if self._at_commit in _BEFORE:
            self._break(self._at_commit)

    def after_commit(self) -> None:
        """A transaction has been committed, and nobody has been told yet."""
        if self._at_commit in _AFTER:
            self._break(self._at_commit)

    def _break(self, fault: Fault | None) -> None:
        assert fault is not None
        self._at_commit = None
        self.happened[fault] += 1
        if fault in {Fault.LOCKED, Fault.COMMIT_FAILED, Fault.ANSWER_LOST}:
            raise SimulatedError(
                "database is locked" if fault is Fault.LOCKED else "disk I/O error"
            )
        raise Killed

    def _draw(self) -> int:
        return 0 if self._every is None else 1 + int(self._chance.expovariate(1 / self._every))


class FragileDatabase(Database):
    """On a file, for a kill closes the connection; at every statement and commit it may break."""

    def __init__(self, file: Path, faults: Faults) -> None:
        super().__init__(f"sqlite+aiosqlite:///{file}", durable=False, inline=True)
        self._faults = faults

        @event.listens_for(self.engine.sync_engine, "before_cursor_execute")
        def count(_: Any, __: Any, statement: str, *___: Any) -> None:
            faults.statement(statement)

    @asynccontextmanager
    async def write(self, *, quiet: bool = False) -> AsyncIterator[AsyncConnection]:
        async with super().write(quiet=quiet) as connection:
            yield connection
            self._faults.before_commit()
        self._faults.after_commit()
