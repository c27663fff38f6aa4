"""A backup of the version before: no table and no column that came later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, inspect, select

from service.backup.lines import checksum, reading, writing
from service.backup.manifest import MANIFEST, STATE
from service.db import Database, migrate, tables
from tests.service.backup.scene import System
from tests.support.database import open_database
from tests.support.incident_scene import IncidentScene

OLD = "0006"
Columns = Mapping[str, Collection[str]]


async def test_it_is_brought_up_to_date(local: System, fresh: System, tmp_path: Path) -> None:
    await IncidentScene(local.database, local.clock).open()
    await local.back_up(tmp_path / "copy")
    (tmp_path / "old").mkdir()
    write_as_the_old_one(tmp_path / "copy", await old_columns(tmp_path / "old"))
    await fresh.restore(tmp_path / "copy")
    assert await migrate.current(fresh.database) == migrate.head()
    assert await migrate.differences(fresh.database) == []
    assert await evidence(fresh.database) == await evidence(local.database) != []


async def evidence(database: Database) -> list[dict[str, Any]]:
    async with database.read() as connection:
        found = await connection.execute(select(tables.incident_post))
        return [dict(row) for row in found.mappings()]


async def old_columns(folder: Path) -> Columns:
    """The columns by table of the schema that the copy shall be of."""

    def read(connection: Connection) -> Columns:
        seen = inspect(connection)
        return {
            name: [row["name"] for row in seen.get_columns(name)] for name in seen.get_table_names()
        }

    async with open_database("sqlite", folder, tables=False) as database:
        await migrate.upgrade(database)
        await migrate.downgrade(database, OLD)
        async with database.read() as connection:
            return await connection.run_sync(read)


def write_as_the_old_one(folder: Path, known: Columns) -> None:
    counts: dict[str, int] = {}
    earlier = list(_earlier(folder, known, counts))
    (folder / STATE).unlink()
    with writing(folder / STATE) as out:
        for value in earlier:
            out.write(value)
    manifest = orjson.loads((folder / MANIFEST).read_bytes())
    manifest["files"][STATE] = checksum(folder / STATE)
    manifest |= {"revision": OLD, "tables": counts}
    (folder / MANIFEST).write_bytes(orjson.dumps(manifest))


def _earlier(folder: Path, known: Columns, counts: dict[str, int]) -> Iterator[Any]:
    table, kept = "", []
    for _, value in reading(folder / STATE):
        if isinstance(value, dict):
            table = value["table"]
            kept = [
                place
                for place, (name, _) in enumerate(value["columns"])
                if name in known.get(table, ())
            ]
        if table not in known:
            continue
        if isinstance(value, dict):
            counts[table] = 0
            yield {"table": table, "columns": [value["columns"][place] for place in kept]}
        else:
            counts[table] += 1
            yield [value[place] for place in kept]
