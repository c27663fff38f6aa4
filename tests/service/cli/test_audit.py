"""`fengsui audit verify`: it holds, and it does not after somebody has changed the past."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from service.audit import Sealer
from service.clock import SystemClock
from service.db import Database
from tests.support.process import Shell


def seal(data: Path) -> int:
    """Chain what was recorded so far; answers how many rows."""

    async def run() -> int:
        database = Database(f"sqlite+aiosqlite:///{data / 'state.db'}")
        try:
            return await Sealer(database, owner="test").run(SystemClock().now())
        finally:
            await database.close()

    return asyncio.run(run())


def test_an_untouched_trail_holds(installed: Shell, data: Path) -> None:
    for name in ("lin", "rui"):
        installed("user", "add", name, "--role", "lead")
    sealed = seal(data)
    done = installed("audit", "verify")
    assert done.code == 0
    assert done.out.splitlines() == [f"sealed {sealed}, unsealed 0", "the chain holds"]
    assert sealed >= 2


def test_rows_not_sealed_yet_are_named(installed: Shell, data: Path) -> None:
    installed("user", "add", "lin", "--role", "lead")
    done = installed("audit", "verify")
    assert done.code == 0
    assert "sealed 0, unsealed 1" in done.out
    assert "not sealed yet: rows 1 to 1" in done.err


def test_a_row_that_was_changed_is_named_and_ends_with_1(installed: Shell, data: Path) -> None:
    for name in ("lin", "rui"):
        installed("user", "add", name, "--role", "lead")
    seal(data)
    with closing(sqlite3.connect(data / "state.db")) as database, database:
        database.execute("UPDATE audit_entry SET actor = 'somebody' WHERE sequence = 2")
    done = installed("audit", "verify")
    assert done.code == 1
    assert "the chain holds" not in done.out
    assert "sequence 2" in done.err or "sequence=2" in done.err


def test_before_migrate_it_says_what_to_do(shell: Shell) -> None:
    done = shell("audit", "verify")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert "run `fengsui migrate`" in line
