"""A judgement over the tables that it needs, in memory: there are many tests of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from service.db import Database
from service.db.tables import account_signal, audit_entry, hold, metadata
from tests.support.clock import SteppingClock
from tests.support.judgement_scene import Scene


@pytest.fixture
async def small_database() -> AsyncIterator[Database]:
    """A state database in memory, on this thread; what fails in it leaves no pages of traceback."""
    database = Database("sqlite+aiosqlite:///:memory:", durable=False, inline=True)
    tables = [hold, account_signal, audit_entry]
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: metadata.create_all(sync, tables=tables))
    with capture_logs():
        yield database
    await database.close()


@pytest.fixture
def scene(small_database: Database, clock: SteppingClock) -> Scene:
    return Scene(small_database, clock)
