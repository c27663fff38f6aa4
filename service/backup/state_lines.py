"""Tables of the state database as lines: a heading for each table, then its rows.

A heading names each column with its kind, so that a later version can read what an earlier one
wrote. Rows are arrays in that order. JSON stands as the text that the engine gave: NULL and the
JSON value null stay apart, and no number is read and written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON as JsonType
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    Insert,
    Integer,
    Table,
    Text,
    bindparam,
    cast,
    column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import Select
from sqlalchemy.types import TypeEngine

from service.backup.errors import DamagedBackup
from service.db.columns import Instant


class ColumnKind(StrEnum):
    """How a column's values stand in a line."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    JSON = "json"


_TYPES: dict[ColumnKind, TypeEngine[Any]] = {
    ColumnKind.TEXT: Text(),
    ColumnKind.INTEGER: BigInteger(),
    ColumnKind.REAL: Float(53),
    ColumnKind.BOOLEAN: Boolean(),
    ColumnKind.INSTANT: Instant(),
    ColumnKind.JSON: Text(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A table and its columns, in the order of each row."""

    table: str
    columns: tuple[tuple[str, ColumnKind], ...]


def heading_of(source: Table) -> Heading:
    """The heading of a table in code."""
    return Heading(
        table=source.name, columns=tuple((item.name, _kind(item)) for item in source.columns)
    )


def rows_of(source: Table) -> Select[Any]:
    """Every row in the order of its key."""
    chosen: list[ColumnElement[Any]] = [
        cast(item, Text) if _kind(item) is ColumnKind.JSON else item for item in source.columns
    ]
    return select(*chosen).order_by(*source.primary_key.columns)


def insert_of(heading: Heading, *, is_sqlite: bool) -> Insert:
    """An INSERT whose parameters are called p0, p1, … in the order of the columns."""
    names = [name for name, _ in heading.columns]
    target = table(heading.table, *map(column, names))
    return target.insert().values(
        {
            name: _bound(place, kind, is_sqlite=is_sqlite)
            for place, (name, kind) in enumerate(heading.columns)
        }
    )


def parameters(heading: Heading, row: Sequence[Any]) -> dict[str, Any]:
    """A row's values for `insert_of`. Raises DamagedBackup."""
    if len(row) != len(heading.columns):
        raise DamagedBackup(f"a row of {heading.table} has {len(row)} values: damaged")
    return {
        f"p{place}": _value(kind, value)
        for place, ((_, kind), value) in enumerate(zip(heading.columns, row, strict=True))
    }


def read_heading(data: Any) -> Heading:
    """A heading out of a line. Raises DamagedBackup."""
    try:
        columns = tuple((str(name), ColumnKind(kind)) for name, kind in data["columns"])
        return Heading(table=str(data["table"]), columns=columns)
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedBackup(f"the state has a heading that cannot be read: {error}") from error


def _kind(source: Column[Any]) -> ColumnKind:
    kinds: tuple[tuple[type[Any], ColumnKind], ...] = (
        (Instant, ColumnKind.INSTANT),
        (JsonType, ColumnKind.JSON),
        (Boolean, ColumnKind.BOOLEAN),
        (Integer, ColumnKind.INTEGER),
        (Float, ColumnKind.REAL),
    )
    for type_, kind in kinds:
        if isinstance(source.type, type_):
            return kind
    return ColumnKind.TEXT


def _bound(place: int, kind: ColumnKind, *, is_sqlite: bool) -> ColumnElement[Any]:
    value: ColumnElement[Any] = bindparam(f"p{place}", type_=_TYPES[kind])
    # In SQLite JSON is text, and a cast to a type of that name would read it as a number.
    return cast(value, JSONB) if kind is ColumnKind.JSON and not is_sqlite else value


def _value(kind: ColumnKind, value: Any) -> Any:
    if value is None:
        return None
    try:
        if kind is ColumnKind.INSTANT:
            return datetime.fromisoformat(value)
        return float(value) if kind is ColumnKind.REAL else value
    except (TypeError, ValueError) as error:
        raise DamagedBackup(f"the state holds {value!r} for a {kind.value}: damaged") from error
