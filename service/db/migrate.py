"""Bringing the schema of the state database up to date, and refusing to run on an old one.

To write a revision after changing `service.db.tables` (before the first release: delete
`versions/0001_initial.py` and write it anew):

    python -m service.db.migrate 0001 initial
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from service.db.columns import AutoId, Instant, Json
from service.db.engine import Database
from service.db.tables import metadata
from service.errors import SchemaOutdated

FOLDER = Path(__file__).parent / "migrations"


def head() -> str:
    """The revision that this code needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise LookupError(f"no migrations in {FOLDER}: the installation is incomplete")
    return revision


async def current(database: Database) -> str | None:
    """The revision of the database, None for an empty one."""
    async with database.read() as connection:
        return await connection.run_sync(_revision)


async def check(database: Database) -> None:
    """Raise SchemaOutdated unless the database is at exactly the revision of this code."""
    found, needed = await current(database), head()
    if found == needed:
        return
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaOutdated(
            f"the state database is at revision {found}, which this version ({needed}) does not "
            "know: it was used by a newer Fengsui; install that one"
        )
    raise SchemaOutdated(
        f"the state database is at revision {found or 'none'}, this version needs {needed}: "
        "run `fengsui migrate`"
    )


async def upgrade(database: Database) -> str:
    """Bring the schema to `head()`; harmless when it is there. All or nothing, one at a time."""
    async with database.write() as connection:
        if not database.is_sqlite:
            # Two replicas that start together: the second waits here, then finds nothing to do.
            await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(6021023)")
        await connection.run_sync(_upgrade)
    return head()


async def differences(database: Database) -> list[Any]:
    """How the database's schema differs from the tables in code, as Alembic's operations."""
    async with database.read() as connection:
        return await connection.run_sync(_differences)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Our own column types by their names: a revision must mean the same on both engines."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "Instant()"
    named = {"Json": Json, "AutoId": AutoId}
    return next((name for name, ours in named.items() if item is ours), False)


async def _write_revision(number: str, message: str) -> None:
    """Compare an empty, migrated SQLite database with the tables and write what is missing."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/state.db", durable=False)
        async with database.write() as connection:
            await connection.run_sync(_upgrade)

        def write(connection: Connection) -> None:
            config = _config(connection)
            config.attributes["render_item"] = _render
            command.revision(config, message=message, rev_id=number, autogenerate=True)

        async with database.read() as connection:
            await connection.run_sync(write)
        await database.close()


if __name__ == "__main__":
    asyncio.run(_write_revision(sys.argv[1], sys.argv[2]))
