from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.backup import DamagedBackup
from service.backup.state_lines import (
    ColumnKind,
    Heading,
    heading_of,
    insert_of,
    parameters,
    read_heading,
)
from service.db.tables import metadata, timer

KINDS = Heading(
    table="some",
    columns=(("at", ColumnKind.INSTANT), ("share", ColumnKind.REAL), ("data", ColumnKind.JSON)),
)


def test_every_column_has_a_kind_of_its_own_type() -> None:
    kinds = dict(heading_of(timer).columns)
    assert kinds["payload"] is ColumnKind.JSON
    assert kinds["due_at"] is ColumnKind.INSTANT
    assert kinds["late_by_s"] is ColumnKind.REAL
    assert kinds["generation"] is ColumnKind.INTEGER
    assert kinds["id"] is ColumnKind.TEXT


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_a_heading_is_read_as_it_was_written(name: str) -> None:
    heading = heading_of(metadata.tables[name])
    line = {"table": heading.table, "columns": [list(column) for column in heading.columns]}
    assert read_heading(line) == heading


def test_values_become_what_the_engine_takes() -> None:
    row = ["2026-03-02T12:00:00+00:00", 1, '{"a": 1}']
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert parameters(KINDS, row) == {"p0": at, "p1": 1.0, "p2": '{"a": 1}'}


def test_nothing_stays_nothing() -> None:
    assert set(parameters(KINDS, [None, None, None]).values()) == {None}


@pytest.mark.parametrize("row", [["x", 1, None], [None, "much", None], [None], [5, None, None]])
def test_a_row_that_cannot_be_is_damaged(row: list[object]) -> None:
    with pytest.raises(DamagedBackup, match="damaged"):
        parameters(KINDS, row)


@pytest.mark.parametrize(
    "line", [{}, {"table": "x"}, {"table": "x", "columns": [["a", "colour"]]}, {"columns": 3}]
)
def test_a_heading_that_cannot_be_is_damaged(line: dict[str, object]) -> None:
    with pytest.raises(DamagedBackup, match="heading"):
        read_heading(line)


def test_only_postgresql_is_told_of_json() -> None:
    assert "CAST" in str(insert_of(KINDS, is_sqlite=False))
    assert "CAST" not in str(insert_of(KINDS, is_sqlite=True))
