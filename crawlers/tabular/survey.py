"""What a table seems to hold: its columns, what they stand for, and its first rows as posts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import IO

from crawlers.tabular.limits import TableLimits
from crawlers.tabular.mapping import complete_mapping, parse_mapping
from crawlers.tabular.opening import open_table
from crawlers.tabular.posts import Given, ReadRow, is_wire, missing_fields, read_posts, read_wire
from crawlers.tabular.row import Table

SAMPLE = 50
"""Rows by whose cells a heading's meaning is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`mapping` is empty for JSON lines in the shape of posts, which are `read` as they are."""

    table: Table
    mapping: Mapping[str, int]
    given: Given
    wire: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """Required fields that nothing gives so far."""
        return () if self.wire else missing_fields(self.mapping, self.given)

    @property
    def mapped_columns(self) -> dict[str, str]:
        """Names of columns by the field that they stand for."""
        return {field: self.table.columns[place] for field, place in self.mapping.items()}

    @property
    def unused_columns(self) -> tuple[str, ...]:
        """Columns that are left out."""
        if self.wire:
            return ()
        used = set(self.mapping.values())
        return tuple(name for place, name in enumerate(self.table.columns) if place not in used)

    def read(self) -> Iterator[ReadRow]:
        """Every row as a post, once. Raises BadMapping, UnreadableFile."""
        if self.wire:
            return read_wire(self.table)
        return read_posts(self.table, self.mapping, self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The survey, with its first rows read where nothing is missing."""

    survey: Survey
    rows: tuple[ReadRow, ...]


def survey(table: Table, pairs: Sequence[str], given: Given) -> Survey:
    """Understand an open table by its headings and first rows, and what people say: `pairs` of
    `FIELD=COLUMN`. Raises BadMapping, UnreadableFile.
    """
    said = parse_mapping(pairs, table.columns)
    if not said and given.source is None and is_wire(table):
        return Survey(table=table, mapping={}, given=given, wire=True)
    sample = list(islice(table.rows, SAMPLE))
    mapping = complete_mapping(said, table.columns, [row.cells for row in sample])
    whole = replace(table, rows=chain(sample, table.rows))
    return Survey(table=whole, mapping=mapping, given=given, wire=False)


def preview(
    file: IO[bytes],
    *,
    name: str,
    pairs: Sequence[str] = (),
    given: Given,
    sheet: str | None = None,
    rows: int = 10,
    limits: TableLimits | None = None,
) -> Preview:
    """What an import of the file would read, by its first rows. Raises BadMapping, UnreadableFile.

    A required field that nothing gives is no error here: `survey.missing` names it.
    """
    with open_table(file, name=name, sheet=sheet, limits=limits) as table:
        found = survey(table, pairs, given)
        read = () if found.missing else tuple(islice(found.read(), rows))
        return Preview(survey=found, rows=read)
