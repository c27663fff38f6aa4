"""Going back from this version's schema to the one before, with data, and forward again."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from service.audit import Sealer, verify
from service.db import Database, migrate
from service.errors import InvalidInput, SchemaOutdated
from tests.support.clock import SteppingClock
from tests.support.incident_scene import IncidentScene


def revisions() -> list[str]:
    """From the newest to the oldest."""
    script = ScriptDirectory.from_config(migrate.configured())
    return [item.revision for item in script.walk_revisions()]


def run_the_version_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the code is that version's as far as the schema goes: no last migration."""
    shutil.copytree(migrate.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (last,) = (folder / "versions").glob(f"{migrate.head()}_*.py")
    last.unlink()
    monkeypatch.setattr(migrate, "FOLDER", folder)


@pytest.fixture
async def used(empty_database: Database, clock: SteppingClock) -> Database:
    """A crisis, at this version's schema."""
    await migrate.upgrade(empty_database)
    scene = IncidentScene(empty_database, clock)
    await scene.open()
    await scene.pass_time(minutes=3)
    await Sealer(empty_database, owner="test").run(clock.now())
    return empty_database


async def contents(database: Database) -> Mapping[str, list[Mapping[str, Any]]]:
    """Every row of every table there is, whatever the code knows."""
    found = {}
    async with database.read() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        for name in sorted(set(names) - {"alembic_version"}):
            rows = await connection.execute(text(f'SELECT * FROM "{name}"'))
            found[name] = sorted((dict(row) for row in rows.mappings()), key=repr)
    return found


async def test_the_step_back_and_forth_keeps_what_both_know(used: Database) -> None:
    before = await contents(used)
    await migrate.downgrade(used, revisions()[1])
    between = await contents(used)
    for name, rows in between.items():
        known = between[name][0].keys() if rows else ()
        assert rows == sorted(({key: row[key] for key in known} for row in before[name]), key=repr)
    assert between["incident"]
    await migrate.upgrade(used)
    assert await migrate.differences(used) == []
    assert await contents(used) == before


async def test_what_was_taken_back_before_0029_is_no_dead_letter(used: Database) -> None:
    async with used.write() as connection:
        told = "SELECT id, 'dead', 'withdrawn: acknowledged', 1, created_at FROM outbox LIMIT 1"
        columns = "outbox_id, state, reason, attempts, created_at"
        await connection.execute(
            text(
                f"INSERT INTO delivery (id, channel_id, {columns}) "
                f"SELECT 'dlv_back', 'ops', taken.* FROM ({told}) AS taken"
            )
        )
    await migrate.downgrade(used, "0028")
    await migrate.upgrade(used)
    (row,) = [row for row in (await contents(used))["delivery"] if row["id"] == "dlv_back"]
    assert (row["state"], row["reason"]) == ("withdrawn", "acknowledged")


async def test_the_audit_chain_holds_after_the_step_back(used: Database) -> None:
    sealed = await verify(used)
    await migrate.downgrade(used, revisions()[1])
    assert (await verify(used), sealed.sealed > 0) == (sealed, True)


async def test_the_version_before_refuses_the_later_schema(
    used: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_the_version_before(tmp_path / "migrations", monkeypatch)
    with pytest.raises(SchemaOutdated, match="used by a newer Fengsui"):
        await migrate.check(used)


async def test_the_version_before_takes_it_after_the_step_back(
    used: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate.downgrade(used, revisions()[1])
    with pytest.raises(SchemaOutdated, match="run `fengsui migrate`"):
        await migrate.check(used)
    run_the_version_before(tmp_path / "migrations", monkeypatch)
    await migrate.check(used)


async def test_all_the_steps_lead_back_and_forth(used: Database) -> None:
    await migrate.downgrade(used, revisions()[-1])
    assert await migrate.current(used) == revisions()[-1]
    await migrate.upgrade(used)
    assert await migrate.differences(used) == []


@pytest.mark.parametrize("revision", ["9999", "base", "-1", ""])
async def test_only_an_earlier_revision_is_gone_back_to(
    sqlite_used: Database, revision: str
) -> None:
    with pytest.raises(InvalidInput, match="no earlier revision"):
        await migrate.downgrade(sqlite_used, revision)
    await migrate.check(sqlite_used)


@pytest.fixture
async def sqlite_used(sqlite_database: Database, tmp_path: Path) -> Database:
    """At this version's schema, with a revision written down."""
    async with sqlite_database.write() as connection:
        await connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        await connection.execute(
            text("INSERT INTO alembic_version VALUES (:head)"), {"head": migrate.head()}
        )
    return sqlite_database
