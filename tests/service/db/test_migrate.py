from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from service.db import Database, migrate
from service.db.tables import metadata
from service.errors import SchemaOutdated
from tests.support.database import open_database


async def table_names(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def written_schema(database: Database) -> list[tuple[Any, ...]]:
    """Every table and index as SQLite keeps it."""
    async with database.read() as connection:
        found = await connection.exec_driver_sql(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
        )
        return [tuple(row) for row in found]


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


async def test_a_schema_that_is_laid_is_the_migrated_one(
    empty_database: Database, tmp_path: Path
) -> None:
    assert await migrate.lay(empty_database) == migrate.head()
    await migrate.check(empty_database)
    assert await migrate.differences(empty_database) == []
    (tmp_path / "other").mkdir()
    async with open_database("sqlite", tmp_path / "other", tables=False) as other:
        await migrate.upgrade(other)
        if empty_database.is_sqlite:
            assert await written_schema(empty_database) == await written_schema(other)


async def test_laying_brings_an_older_schema_up_to_date(empty_database: Database) -> None:
    await migrate.upgrade(empty_database)
    await migrate.downgrade(empty_database, "0028")
    await migrate.lay(empty_database)
    assert await migrate.differences(empty_database) == []


async def test_laying_is_all_or_nothing(empty_database: Database) -> None:
    async with empty_database.write() as connection:
        await connection.execute(text("CREATE TABLE step (id INTEGER)"))
    with pytest.raises(Exception, match="step"):
        await migrate.lay(empty_database)
    assert await table_names(empty_database) == {"step"}


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
