"""Migrations go forward, and only on files that are ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from service.errors import SchemaOutdated
from service.stores.errors import StoreError
from service.stores.sqlite_schema import (
    APPLICATION_ID,
    MIGRATIONS,
    apply_migrations,
    require_current,
)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:")
    yield opened
    opened.close()


def test_a_new_file_gets_every_migration_once(connection: sqlite3.Connection) -> None:
    assert apply_migrations(connection) == len(MIGRATIONS)
    assert apply_migrations(connection) == 0
    require_current(connection)


def test_an_old_schema_asks_for_migrate(connection: sqlite3.Connection) -> None:
    with pytest.raises(SchemaOutdated, match=r"schema 0.*fengsui migrate"):
        require_current(connection)


def test_a_newer_schema_is_refused(connection: sqlite3.Connection) -> None:
    apply_migrations(connection)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    for use in (apply_migrations, require_current):
        with pytest.raises(SchemaOutdated, match="newer"):
            use(connection)


def test_the_database_of_another_program_is_left_alone(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE precious (x)")
    with pytest.raises(StoreError, match="not a post store"):
        apply_migrations(connection)
    connection.execute("PRAGMA user_version = 1")
    with pytest.raises(StoreError, match="not a post store"):
        require_current(connection)


def test_a_store_of_the_first_schema_goes_on_behind_its_last_stamp(
    connection: sqlite3.Connection,
) -> None:
    for statement in MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    columns = [row[1] for row in connection.execute("PRAGMA table_info (post)")]
    values = ", ".join("7" for _ in columns)
    connection.execute(f"INSERT INTO post VALUES ({values})")
    assert apply_migrations(connection) == len(MIGRATIONS) - 1
    assert connection.execute("SELECT stored_at FROM last_stored").fetchall() == [(7,)]
    assert connection.execute("SELECT spared FROM post").fetchall() == [("",)]


def test_what_was_read_before_can_be_counted(connection: sqlite3.Connection) -> None:
    before = MIGRATIONS[:4]
    for statement in [each for migration in before for each in migration]:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 4")
    angry = '{"emotion": {"label": "angry"}, "intent": null}'
    columns = [row[1] for row in connection.execute("PRAGMA table_info (post)")]
    values = [
        {"analysis": angry, "spared": "\x1ftea\x1f", "seq": 1}.get(name, 7) for name in columns
    ]
    marks = ", ".join("?" * len(columns))
    connection.execute(f"INSERT INTO post VALUES ({marks})", values)
    for monitor in ("rival", "tea"):
        connection.execute(
            "INSERT INTO monitor_post VALUES (?, 1, 1, 1, '', '', '', 1, 1, 1, '', 1, '', '', '')",
            (monitor,),
        )
    assert apply_migrations(connection) == 1
    read = "SELECT emotion, intent, topics FROM"
    assert connection.execute(f"{read} post").fetchall() == [("angry", None, "")]
    assert connection.execute(f"{read} monitor_post ORDER BY monitor").fetchall() == [
        ("angry", None, ""),
        (None, None, ""),
    ]
