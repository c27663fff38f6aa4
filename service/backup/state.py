"""The state database out into lines, in one snapshot, and back in one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.backup.errors import DamagedBackup
from service.backup.lines import LineWriter
from service.backup.state_lines import (
    Heading,
    heading_of,
    insert_of,
    parameters,
    read_heading,
    rows_of,
)
from service.db import Database
from service.db import migrate as migrations
from service.db.tables import lease, login_session, metadata, runtime_setting

PASSING = frozenset({lease.name, login_session.name})
"""Of the processes and browsers of the moment: a restore must not sign people in again."""
_NO_DATA = PASSING | {runtime_setting.name}
_AT_ONCE = 500


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[AsyncConnection]:
    """A connection that sees all tables as they were at one instant."""
    async with database.read() as connection:
        if not database.is_sqlite:
            connection = await connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


async def dump(connection: AsyncConnection, out: LineWriter) -> dict[str, int]:
    """Write every table but the passing ones; answers the rows of each.

    In the order of their references, so that reading them back breaks none.
    """
    counts = {}
    for source in metadata.sorted_tables:
        if source.name in PASSING:
            continue
        out.write(heading_of(source))
        before = out.lines
        rows = await connection.stream(rows_of(source))
        async for row in rows:
            out.write(list(row))
        counts[str(source.name)] = out.lines - before
    return counts


async def fill(
    connection: AsyncConnection, lines: Iterable[Any], *, revision: str
) -> dict[str, int]:
    """Drop our tables, make them as they were at `revision`, fill them, bring them up to date.

    All in the caller's transaction. Answers the rows of each table. Raises DamagedBackup, and
    whatever the database says of rows that it cannot take.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    await connection.run_sync(_make_anew, revision)
    counts: dict[str, int] = {}
    heading: Heading | None = None
    rest = iter(lines)
    while some := list(islice(rest, _AT_ONCE)):
        waiting: list[dict[str, Any]] = []
        for line in some:
            if isinstance(line, dict):
                await _insert(connection, heading, waiting, is_sqlite=is_sqlite)
                waiting = []
                heading = read_heading(line)
                counts[heading.table] = 0
            elif heading is None:
                raise DamagedBackup("the state begins with a row of no table: damaged")
            else:
                waiting.append(parameters(heading, line))
                counts[heading.table] += 1
        await _insert(connection, heading, waiting, is_sqlite=is_sqlite)
    await connection.run_sync(_bring_up_to_date)
    if not is_sqlite:
        await _continue_counting(connection)
    return counts


async def is_vacant(database: Database) -> bool:
    """Whether no table of ours holds anything that somebody would miss."""
    async with database.read() as connection:
        present = set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))
        for source in metadata.sorted_tables:
            if source.name in present - _NO_DATA and (
                await connection.scalar(select(func.count()).select_from(source))
            ):
                return False
    return True


def is_known(revision: str) -> bool:
    """Whether this version's migrations lead through the revision."""
    script = ScriptDirectory.from_config(migrations.configured())
    return revision in {item.revision for item in script.walk_revisions()}


async def _insert(
    connection: AsyncConnection,
    heading: Heading | None,
    rows: list[dict[str, Any]],
    *,
    is_sqlite: bool,
) -> None:
    if heading is not None and rows:
        await connection.execute(insert_of(heading, is_sqlite=is_sqlite), rows)


def _make_anew(connection: Connection, revision: str) -> None:
    metadata.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    command.upgrade(migrations.configured(connection), revision)


def _bring_up_to_date(connection: Connection) -> None:
    command.upgrade(migrations.configured(connection), "head")


async def _continue_counting(connection: AsyncConnection) -> None:
    """PostgreSQL's counters know nothing of rows that came with their numbers."""
    for source in metadata.sorted_tables:
        counted = source.autoincrement_column
        if counted is None:
            continue
        last = await connection.scalar(select(func.max(counted)))
        sequence = func.pg_get_serial_sequence(source.name, counted.name)
        await connection.execute(select(func.setval(sequence, (last or 0) + 1, False)))
