"""JSON lines as a table: one object a line, whose keys are columns, those inside it with a dot."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import IO, Any

from crawlers.errors import UnreadableFile
from crawlers.json_page import decode_json
from crawlers.jsonl import MAX_LINE, Line, lines_of
from crawlers.tabular.limits import MOST_COLUMNS
from crawlers.tabular.row import Cell, Row, Table, TableFormat

_SAMPLE_LINES = 200
_DEEPEST = 3


def read_objects(file: IO[bytes], *, name: str) -> Table:
    """A table out of JSON lines; its columns are the keys of the first 200 objects.

    Raises UnreadableFile when none of those is an object, or they have too many keys.
    """
    found = _objects(file)
    sample = list(islice(found, _SAMPLE_LINES))
    columns = tuple(dict.fromkeys(key for _, cells in sample if cells for key in cells))
    if not columns:
        raise UnreadableFile(f"{name}: none of its first lines is a JSON object")
    if len(columns) > MOST_COLUMNS:
        raise UnreadableFile(
            f"{name}: {len(columns):,} different keys; at most {MOST_COLUMNS:,} are read"
        )
    return Table(
        name=name,
        format=TableFormat.JSONL,
        columns=columns,
        rows=(
            row if cells is None else replace(row, cells=[cells.get(column) for column in columns])
            for row, cells in chain(sample, found)
        ),
        dialect="JSON lines",
    )


def _objects(file: IO[bytes]) -> Iterator[tuple[Row, dict[str, Cell] | None]]:
    for line in lines_of(file):
        if line.data.strip() or line.too_long:
            yield _object(line)


def _object(line: Line) -> tuple[Row, dict[str, Cell] | None]:
    if line.too_long:
        return Row(number=line.number, problem=f"longer than {MAX_LINE:,} bytes"), None
    try:
        data = decode_json(line.data.strip().removeprefix(b"\xef\xbb\xbf"))
        if not isinstance(data, Mapping):
            return Row(number=line.number, problem="no JSON object"), None
        cells: dict[str, Cell] = {}
        _flatten(data, "", cells)
    except (ValueError, RecursionError) as error:
        return Row(number=line.number, problem=f"no JSON: {error}"[:200]), None
    return Row(number=line.number, data=data), cells


def _flatten(data: Mapping[str, Any], prefix: str, cells: dict[str, Cell]) -> None:
    for key, value in data.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and prefix.count(".") < _DEEPEST:
            _flatten(value, f"{path}.", cells)
        elif value is None or isinstance(value, str | bool | int | float):
            cells[path] = value
        else:
            cells[path] = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
