"""Bringing the schema of the state database up to date, and refusing to run on an old one.

`service.db.revise` writes a revision after `service.db.tables` has changed.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from service.db.alone import Alone, alone
from service.db.engine import Database
from service.db.tables import metadata
from service.errors import InvalidInput, SchemaOutdated

FOLDER = Path(__file__).parent / "migrations"


def head() -> str:
    """The revision that this code needs."""
    return _head(FOLDER)


@cache
def _head(folder: Path) -> str:
    """Read once a process: thirty modules are executed for it, and no code changes under it."""
    revision = ScriptDirectory.from_config(_scripts(folder)).get_current_head()
    if revision is None:
        raise LookupError(f"no migrations in {folder}: the installation is incomplete")
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
    known = {
        script.revision for script in ScriptDirectory.from_config(configured()).walk_revisions()
    }
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
    if await current(database) == head():
        return head()
    async with database.write() as connection:
        # Two replicas that start together: the second waits here, then finds nothing to do.
        await alone(connection, Alone.MIGRATE)
        await connection.run_sync(_upgrade)
    return head()


async def lay(database: Database) -> str:
    """`upgrade`, with the schema copied where there is no file yet: for what lives briefly.

    A replay, a drill and a test each begin with a new SQLite file. The migrations make the schema
    once a process, and every such file begins as a copy of what they made.
    """
    file = database.file
    if file is not None and not file.exists():
        with suppress(FileExistsError), file.open("xb") as opened:
            opened.write(_made(FOLDER))
    return await upgrade(database)


async def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to an earlier revision, and with it what only later ones keep.

    All or nothing. Raises SchemaOutdated for a database of another version, InvalidInput for a
    revision that this one did not come by.
    """
    await check(database)
    script = ScriptDirectory.from_config(configured())
    earlier = [item.revision for item in script.walk_revisions() if item.revision != head()]
    if revision not in earlier:
        raise InvalidInput(
            f"{revision[:32]!r} is no earlier revision; there are {', '.join(earlier)}"
        )
    async with database.write() as connection:
        await connection.run_sync(_downgrade, revision)


async def differences(database: Database) -> list[Any]:
    """How the database's schema differs from the tables in code, as Alembic's operations."""
    async with database.read() as connection:
        return await connection.run_sync(_differences)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _made(folder: Path) -> bytes:
    """What the migrations leave in an empty SQLite database, as its file."""
    with closing(sqlite3.connect(":memory:")) as memory:
        engine = create_engine("sqlite://", creator=lambda: memory, poolclass=StaticPool)
        with engine.connect() as connection:
            command.upgrade(_scripts(folder, connection), "head")
            return memory.serialize()


def _upgrade(connection: Connection) -> None:
    command.upgrade(configured(connection), "head")


def _downgrade(connection: Connection, revision: str) -> None:
    command.downgrade(configured(connection), revision)


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def configured(connection: Connection | None = None) -> Config:
    """Alembic's configuration, over an open connection where one is needed."""
    return _scripts(FOLDER, connection)


def _scripts(folder: Path, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    if connection is not None:
        config.attributes["connection"] = connection
    return config
