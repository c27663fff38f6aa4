"""Who was there first, by the words of the server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, OperationalError

from service.db import Database
from service.db.contention import contended
from service.db.tables import runtime_setting
from tests.support.database import open_database, postgres_url


@pytest.mark.parametrize("error", [ValueError("x"), OperationalError("x", {}, Exception("away"))])
def test_other_failures_are_failures(error: Exception) -> None:
    assert not contended(error)


@pytest.fixture
async def postgres(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database("postgres", tmp_path) as database:
        yield database


@pytest.mark.postgres
@pytest.mark.skipif(postgres_url() is None, reason="rows are locked on PostgreSQL only")
async def test_a_row_that_somebody_holds(postgres: Database) -> None:
    row = select(runtime_setting)
    async with postgres.write() as connection:
        await connection.execute(insert(runtime_setting), {"name": "a", "value": 1})
    async with postgres.write() as first:
        await first.execute(row.with_for_update())
        with pytest.raises(DBAPIError) as told:
            async with postgres.write() as second:
                await second.execute(row.with_for_update(nowait=True))
    assert contended(told.value)


@pytest.mark.postgres
@pytest.mark.skipif(postgres_url() is None, reason="rows are locked on PostgreSQL only")
async def test_a_row_that_is_there_already_is_no_contention(postgres: Database) -> None:
    once = insert(runtime_setting).values(name="a", value=1)
    async with postgres.engine.connect() as connection:
        await connection.execute(once)
        with pytest.raises(DBAPIError) as told:
            await connection.execute(once)
    assert not contended(told.value)
