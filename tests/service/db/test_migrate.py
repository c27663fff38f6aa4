from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from service.db import Database, migrate
from service.db.tables import metadata
from service.errors import SchemaOutdated


async def table_names(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_an_empty_database_is_outdated(empty_database: Database) -> None:
    assert await migrate.current(empty_database) is None
    with pytest.raises(SchemaOutdated, match=r"revision none.*run `fengsui migrate`"):
        await migrate.check(empty_database)


async def test_upgrade_makes_every_table(empty_database: Database) -> None:
    assert await migrate.upgrade(empty_database) == migrate.head()
    assert await table_names(empty_database) == {*metadata.tables, "alembic_version"}
    await migrate.check(empty_database)


async def test_the_migrated_schema_is_the_one_in_code(empty_database: Database) -> None:
    await migrate.upgrade(empty_database)
    assert await migrate.differences(empty_database) == []


async def test_a_missing_column_is_a_difference(empty_database: Database) -> None:
    await migrate.upgrade(empty_database)
    async with empty_database.write() as connection:
        await connection.execute(text("ALTER TABLE brand DROP COLUMN aliases"))
    assert len(await migrate.differences(empty_database)) == 1


async def test_upgrading_twice_is_harmless(empty_database: Database) -> None:
    await migrate.upgrade(empty_database)
    assert await migrate.upgrade(empty_database) == migrate.head()


async def test_two_at_once_are_harmless(empty_database: Database) -> None:
    await asyncio.gather(migrate.upgrade(empty_database), migrate.upgrade(empty_database))
    await migrate.check(empty_database)


async def test_a_newer_database_is_refused_by_name(empty_database: Database) -> None:
    await migrate.upgrade(empty_database)
    async with empty_database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaOutdated, match="newer Fengsui"):
        await migrate.check(empty_database)


async def test_a_failing_upgrade_leaves_nothing_behind(empty_database: Database) -> None:
    async with empty_database.write() as connection:
        await connection.execute(text("CREATE TABLE step (id INTEGER)"))
    with pytest.raises(Exception, match="step"):
        await migrate.upgrade(empty_database)
    assert await table_names(empty_database) == {"step"}


async def test_an_installation_without_migrations_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "versions").mkdir()
    monkeypatch.setattr(migrate, "FOLDER", tmp_path)
    with pytest.raises(LookupError, match="incomplete"):
        migrate.head()
