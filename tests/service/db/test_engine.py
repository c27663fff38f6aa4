from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from service.db import Database
from service.db.changes import announce, changes_after, mark, prune
from service.db.storable import storable
from service.db.tables import change_event, runtime_setting
from tests.support.clock import START


async def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as connection:
            await connection.execute(runtime_setting.insert().values(name="a", value=1))
            raise RuntimeError("no")

    generation = database.generation
    with pytest.raises(RuntimeError, match="no"):
        await fail()
    async with database.read() as connection:
        assert (await connection.execute(select(runtime_setting))).all() == []
    assert database.generation == generation


async def test_the_generation_grows_with_each_write(database: Database) -> None:
    before = database.generation
    async with database.write() as connection:
        await connection.execute(runtime_setting.insert().values(name="a", value={"x": [1, "二"]}))
    assert database.generation == before + 1
    async with database.read() as connection:
        assert await connection.scalar(select(runtime_setting.c.value)) == {"x": [1, "二"]}


async def test_writers_at_once_all_get_through(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.write() as connection:
            await connection.execute(
                runtime_setting.insert().values(name=str(number), value=number)
            )

    await asyncio.gather(*(add(number) for number in range(20)))
    async with database.read() as connection:
        assert len((await connection.execute(select(runtime_setting))).all()) == 20


async def test_two_processes_on_one_file_take_turns(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'state.db'}"
    one, other = Database(url), Database(url)
    async with one.write() as connection:
        await connection.run_sync(runtime_setting.metadata.create_all)

    async def add(database: Database, name: str) -> None:
        async with database.write() as connection:
            await connection.execute(select(runtime_setting))
            await asyncio.sleep(0.01)
            await connection.execute(runtime_setting.insert().values(name=name, value=1))

    await asyncio.gather(*(add(one if n % 2 else other, str(n)) for n in range(8)))
    async with one.read() as connection:
        assert len((await connection.execute(select(runtime_setting))).all()) == 8
    await one.close()
    await other.close()


async def test_a_database_in_memory_keeps_what_is_written() -> None:
    database = Database("sqlite+aiosqlite:///:memory:")
    async with database.write() as connection:
        await connection.run_sync(runtime_setting.metadata.create_all)
        await connection.execute(runtime_setting.insert().values(name="a", value=1))
    async with database.read() as connection:
        assert await connection.scalar(select(runtime_setting.c.value)) == 1
    await database.close()


async def test_instants_come_back_aware_and_in_utc(database: Database) -> None:
    shanghai = timezone(timedelta(hours=8))
    local = datetime(2024, 3, 1, 10, 0, 0, 123456, tzinfo=shanghai)
    async with database.write() as connection:
        await announce(connection, at=local, kind="x", subject_id="1")
    async with database.read() as connection:
        (change,) = await changes_after(connection, 0)
    assert change.at == local
    assert change.at.utcoffset() == timedelta(0)


async def test_naive_instants_are_refused(sqlite_database: Database) -> None:
    async with sqlite_database.write() as connection:
        with pytest.raises(StatementError, match="aware"):
            await announce(connection, at=datetime(2024, 3, 1), kind="x", subject_id="1")  # noqa: DTZ001


async def test_the_mark_moves_with_the_kinds_asked_for(database: Database) -> None:
    async with database.write() as connection:
        await announce(connection, at=START, kind="monitor", subject_id="m1")
        before = await mark(connection, "monitor")
        await announce(connection, at=START, kind="brand", subject_id="b1")
        assert await mark(connection, "monitor") == before
        await announce(connection, at=START, kind="monitor", subject_id="m2")
        assert await mark(connection, "monitor") != before


async def test_a_lower_id_committed_late_moves_the_mark(sqlite_database: Database) -> None:
    late = {"at": START, "kind": "monitor", "subject_id": "m", "data": {}}
    async with sqlite_database.write() as connection:
        await connection.execute(change_event.insert().values(id=7, **late))
        before = await mark(connection, "monitor")
        await connection.execute(change_event.insert().values(id=6, **late))
        assert await mark(connection, "monitor") != before


async def test_old_changes_are_forgotten(database: Database) -> None:
    async with database.write() as connection:
        await announce(connection, at=START, kind="x", subject_id="old")
        await announce(connection, at=START + timedelta(days=2), kind="x", subject_id="new")
        gone = await prune(connection, now=START + timedelta(days=2), older_than=timedelta(days=1))
        assert gone == 1
        left = await changes_after(connection, 0, limit=10)
    assert [change.subject_id for change in left] == ["new"]


def test_storable_cleans_at_any_depth() -> None:
    assert storable({"a\x00": ["x\x00", ("y\ud800", 1, None)], 2: True}) == {
        "a": ["x", ["y?", 1, None]],
        "2": True,
    }
