"""CSV and its cousins: separated by comma, tab, semicolon or bar, quoted or not, line by line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO

from crawlers.errors import UnreadableFile
from crawlers.jsonl import MAX_LINE, lines_of
from crawlers.tabular.limits import MOST_COLUMNS
from crawlers.tabular.row import Cell, Row, Table, TableFormat, column_names, is_blank

SEPARATORS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}

_SAMPLE_LINES = 30
_SAMPLE_CHARACTERS = 100_000


def read_delimited(file: IO[bytes], *, encoding: str, name: str) -> Table:
    """A table out of text; its first row that is not blank names the columns.

    A line `sep=;`, as Excel writes it, names the separator; else the one that cuts the first lines
    most evenly is taken. Raises UnreadableFile without a heading, or with too many columns.
    """
    lines = _Lines(file, encoding)
    sample = list(islice(lines, _SAMPLE_LINES))
    separator = _declared(sample)
    if separator is None:
        separator = sniff(sample)
    else:
        sample[0] = "\n"  # so that lines count as in the file
    rows = _rows(lines, separator, sample)
    heading = next((row for row in rows if not is_blank(row.cells) or row.problem), None)
    if heading is None:
        raise UnreadableFile(f"{name}: is empty: a first row must name the columns")
    if heading.problem is not None:
        raise UnreadableFile(f"{name}:{heading.number}: the heading: {heading.problem}")
    columns = column_names(_trimmed(heading.cells))
    return Table(
        name=name,
        format=TableFormat.CSV,
        columns=columns,
        rows=(
            _checked(row, len(columns)) for row in rows if row.problem or not is_blank(row.cells)
        ),
        dialect=f"{encoding}, {SEPARATORS[separator]}",
    )


def sniff(sample: Iterable[str]) -> str:
    """The separator that cuts the sample into rows of one width; the wider ones win a tie."""
    text: list[str] = []
    size = 0
    for line in sample:
        size += len(line)
        if text and size > _SAMPLE_CHARACTERS:
            break
        text.append(line)
    return max(SEPARATORS, key=lambda separator: _evenness(text, separator))


class _Lines:
    """Decoded lines with their breaks; one longer than MAX_LINE comes blank and is remembered."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._lines = lines_of(file)
        self._encoding = encoding
        self.too_long: list[int] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if line.too_long:
            self.too_long.append(line.number)
            return "\n"
        data = line.data.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.data
        return data.decode(self._encoding, "replace")


def _rows(lines: _Lines, separator: str, begun: list[str]) -> Iterator[Row]:
    def all_lines() -> Iterator[str]:
        yield from begun
        yield from lines

    reader = csv.reader(all_lines(), delimiter=separator)
    while True:
        number = reader.line_num + 1
        try:
            cells: list[str] | None = next(reader)
            problem = None
        except StopIteration:
            return
        except csv.Error as error:
            # The reader goes on with the next line, as after a quote that nothing closes.
            cells, problem = None, f"cannot be read ({error}): is a quotation mark left open?"
        # Lines are read ahead for the sample, so marks of later rows may stand here already.
        if marks := sum(mark <= reader.line_num for mark in lines.too_long):
            del lines.too_long[:marks]
            cells, problem = None, f"longer than {MAX_LINE:,} bytes"
        if cells is not None and len(cells) > MOST_COLUMNS:
            problem = f"{len(cells):,} columns; at most {MOST_COLUMNS:,} are read"
            cells = None
        yield Row(number=number, cells=cells or (), problem=problem)


def _checked(row: Row, columns: int) -> Row:
    cells = row.cells if len(row.cells) <= columns else _trimmed(row.cells)
    if len(cells) <= columns:
        return Row(number=row.number, cells=cells, problem=row.problem)
    problem = (
        f"{len(cells)} cells under {columns} columns: is a cell with the separator not quoted?"
    )
    return Row(number=row.number, problem=problem)


def _trimmed(cells: Iterable[Cell]) -> list[Cell]:
    """Without the empty cells at the end, which some programs leave behind."""
    kept = list(cells)
    while kept and is_blank(kept[-1:]):
        kept.pop()
    return kept


def _declared(sample: list[str]) -> str | None:
    head = sample[0].strip() if sample else ""
    mark = head.removeprefix("sep=")
    return mark if mark != head and mark in SEPARATORS else None


def _evenness(text: list[str], separator: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in csv.reader(text, delimiter=separator) if row]
    except csv.Error:
        return (0.0, 0)
    if not widths or widths[0] < 2:
        return (0.0, 0)
    # The last row of the sample may be a part of a row.
    widths = widths[: max(1, len(widths) - 1)]
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0])
