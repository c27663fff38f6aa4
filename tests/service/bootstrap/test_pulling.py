"""What goes out to sites is one process's, from its first run until that process is closed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from service.bootstrap import Container, build
from service.db import Database, tables
from service.settings import load_settings
from tests.support.clock import SteppingClock


async def opened(folder: Path, clock: SteppingClock, owner: str) -> Container:
    environ = {
        "FENGSUI_DATA_DIR": str(folder),
        "FENGSUI_ENCODER": "lexical",
        "FENGSUI_WORKER_ID": owner,
    }
    return await build(load_settings(environ), clock=clock, virtual=True)


async def held_until(database: Database, name: str) -> dict[str, datetime]:
    """Leases by name, of one owner."""
    query = select(tables.lease.c.name, tables.lease.c.until).where(tables.lease.c.owner == name)
    async with database.read() as connection:
        return {row.name: row.until for row in await connection.execute(query)}


async def test_all_that_pulls_shares_one_lease_that_is_kept_between_runs(
    tmp_path: Path, clock: SteppingClock
) -> None:
    first = await opened(tmp_path, clock, "one")
    second = await opened(tmp_path, clock, "two")
    try:
        for job in first.pulls:
            await job.run(clock.now())
        leases = await held_until(first.database, "one")
        assert set(leases) == {"pulling"}
        assert leases["pulling"] > clock.now()
        for job in second.pulls:
            assert await job.run(clock.now()) == 0
        assert await held_until(second.database, "two") == {}
        await first.close()
        await second.crawl.run(clock.now())
        assert set(await held_until(second.database, "two")) == {"pulling"}
    finally:
        await second.close()
