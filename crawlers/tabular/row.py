"""A table as it is read: names of its columns, then rows with the place that each stands at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

Cell = str | int | float | bool | datetime | None
"""A workbook's instants are naive: the wall clock of a zone that nobody wrote down."""


class TableFormat(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`number` counts as people see it: the line of a text file, the row of a sheet, from 1.

    `problem` says why the row cannot be read; its cells are empty then. `data` is the object of a
    line of JSON, as it came.
    """

    number: int
    cells: Sequence[Cell] = ()
    problem: str | None = None
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An open table; `rows` goes once from top to bottom. `dialect` tells how it was understood."""

    name: str
    format: TableFormat
    columns: tuple[str, ...]
    rows: Iterator[Row]
    dialect: str
    sheets: tuple[str, ...] = ()


def column_names(heading: Sequence[Cell]) -> tuple[str, ...]:
    """Names of columns that differ: empty ones by their place, repeated ones counted."""
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(heading, 1):
        wanted = " ".join(str("" if cell is None else cell).split())[:200] or f"column {place}"
        name, turn = wanted, 2
        while name in taken:
            name, turn = f"{wanted} ({turn})", turn + 1
        taken.add(name)
        names.append(name)
    return tuple(names)


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether a row says nothing at all."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)
