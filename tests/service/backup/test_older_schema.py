"""A backup of the version before: no table and no column that came later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from service.backup.lines import checksum, reading, writing
from service.backup.manifest import MANIFEST, STATE
from service.db import Database, migrate, tables
from tests.service.backup.scene import System
from tests.support.incident_scene import IncidentScene

LATER_TABLES = {"hot_post", "source_backfill"}
LATER_COLUMN = ("incident_post", "deleted_at")


async def test_it_is_brought_up_to_date(local: System, fresh: System, tmp_path: Path) -> None:
    await IncidentScene(local.database, local.clock).open()
    await local.back_up(tmp_path / "copy")
    as_0006_wrote_it(tmp_path / "copy")
    await fresh.restore(tmp_path / "copy")
    assert await migrate.current(fresh.database) == migrate.head()
    assert await migrate.differences(fresh.database) == []
    assert await evidence(fresh.database) == await evidence(local.database) != []


async def evidence(database: Database) -> list[dict[str, Any]]:
    async with database.read() as connection:
        found = await connection.execute(select(tables.incident_post))
        return [dict(row) for row in found.mappings()]


def as_0006_wrote_it(folder: Path) -> None:
    counts: dict[str, int] = {}
    earlier = list(_earlier(folder, counts))
    (folder / STATE).unlink()
    with writing(folder / STATE) as out:
        for value in earlier:
            out.write(value)
    manifest = orjson.loads((folder / MANIFEST).read_bytes())
    manifest["files"][STATE] = checksum(folder / STATE)
    manifest |= {"revision": "0006", "tables": counts}
    (folder / MANIFEST).write_bytes(orjson.dumps(manifest))


def _earlier(folder: Path, counts: dict[str, int]) -> Iterator[Any]:
    table, drop = "", None
    for _, value in reading(folder / STATE):
        if isinstance(value, dict):
            table, columns = value["table"], value["columns"]
            drop = next(
                (place for place, (name, _) in enumerate(columns) if (table, name) == LATER_COLUMN),
                None,
            )
        if table in LATER_TABLES:
            continue
        if isinstance(value, dict):
            counts[table] = 0
            yield {"table": table, "columns": _without(columns, drop)}
        else:
            counts[table] += 1
            yield _without(value, drop)


def _without(values: list[Any], place: int | None) -> list[Any]:
    return [value for at, value in enumerate(values) if at != place]
