"""XLSX workbooks, as Excel, WPS and LibreOffice save them: one sheet, row by row.

A workbook is an archive of XML, so a small file may unpack into a huge one, and a huge one into
many times its size in memory. Every part is measured before the library sees any of it.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import islice
from typing import IO, Any

from crawlers.errors import UnreadableFile
from crawlers.tabular.limits import BLANKS_A_ROW, MOST_COLUMNS, TableLimits
from crawlers.tabular.row import Cell, Row, Table, TableFormat, column_names, is_blank

MOST_PARTS = 5_000
LAST_ROW = 1_048_576
"""The last row that a sheet may have; a file may claim any."""

_BLOCK = 1 << 20
_ROWS_AT_ONCE = 500
_DOCTYPE = re.compile(rb"<!DOCTYPE|<\0!\0D\0O\0C|\0<\0!\0D\0O\0C", re.IGNORECASE)
_OVERLAP = 16
_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")


@contextmanager
def open_workbook(
    file: IO[bytes], *, name: str, sheet: str | None, limits: TableLimits
) -> Iterator[Table]:
    """One sheet of a workbook as a table: the one of that name, or the first with anything in it.

    Raises UnreadableFile for what is no workbook, too much of one, or has no such sheet.
    """
    measure(file, name=name, limits=limits)
    book = _opened(file, name)
    try:
        sheets = [item for item in book.worksheets if hasattr(item, "reset_dimensions")]
        names = tuple(str(item.title) for item in sheets)
        if sheet is not None:
            if sheet not in names:
                there_are = ", ".join(repr(each) for each in names[:20])
                raise UnreadableFile(f"{name}: no sheet {sheet!r}; there are {there_are}")
            sheets = [item for item in sheets if item.title == sheet]
        for item in sheets:
            table = _table(item, name, limits, sheets=names)
            if table is not None:
                yield table
                return
        raise UnreadableFile(f"{name}: is empty: a first row must name the columns")
    finally:
        book.close()


def measure(file: IO[bytes], *, name: str, limits: TableLimits) -> None:
    """Unpack every part once, keeping nothing. Raises UnreadableFile beyond a limit.

    A document type is refused too: no program writes one, and entities are declared in it.
    """
    file.seek(0)
    unpacked = tags = 0
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise UnreadableFile(f"{name}: {len(parts):,} parts; at most {MOST_PARTS:,}")
            for part in parts:
                with archive.open(part) as opened:
                    tail = b""
                    while block := opened.read(_BLOCK):
                        unpacked += len(block)
                        tags += block.count(b"<")
                        if unpacked > limits.unpacked or tags > limits.tags:
                            raise UnreadableFile(
                                f"{name}: unpacks to more than {limits.unpacked:,} bytes or "
                                f"{limits.tags:,} elements; save it as CSV, or in parts"
                            )
                        if _DOCTYPE.search(tail + block) is not None:
                            raise UnreadableFile(f"{name}: {part.filename} has a document type")
                        tail = block[-_OVERLAP:]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(f"{name}: no workbook that can be read: {error}"[:300]) from error
    finally:
        file.seek(0)


def _opened(file: IO[bytes], name: str) -> Any:
    # Only here: its 180 modules would be loaded by every command, and few open a workbook.
    import openpyxl

    try:
        with _quiet():
            return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        # The library meets a broken file with whatever error it falls over.
        raise UnreadableFile(
            f"{name}: no workbook that can be read: {type(error).__name__} {error}"[:300]
        ) from error


def _table(sheet: Any, name: str, limits: TableLimits, *, sheets: tuple[str, ...]) -> Table | None:
    most = None if limits.rows is None else limits.rows * BLANKS_A_ROW
    heading = next(_rows(sheet, name, begin=1, width=MOST_COLUMNS + 1, blanks=most), None)
    if heading is None:
        return None
    columns = column_names(_trimmed(heading.cells))
    if len(columns) > MOST_COLUMNS:
        raise UnreadableFile(
            f"{name}:{heading.number}: too many columns; at most {MOST_COLUMNS:,} are read"
        )
    return Table(
        name=name,
        format=TableFormat.XLSX,
        columns=columns,
        # From anew, and no wider: beside the columns stand notes and colours, or cells far away
        # for each of which the library would fill the whole row.
        rows=_rows(sheet, name, begin=heading.number + 1, width=len(columns), blanks=most),
        dialect=f"sheet {sheet.title!r}",
        sheets=sheets,
    )


def _rows(sheet: Any, name: str, *, begin: int, width: int, blanks: int | None) -> Iterator[Row]:
    """Rows that say anything, cut to `width`. Raises UnreadableFile beyond so many `blanks`."""
    # What a sheet says of its own size is not believed.
    sheet.reset_dimensions()
    cells = sheet.iter_rows(min_row=begin, max_row=LAST_ROW, max_col=width, values_only=True)
    number = begin - 1
    blank = 0
    while True:
        try:
            with _quiet():
                block = list(islice(cells, _ROWS_AT_ONCE))
        except Exception as error:
            raise UnreadableFile(
                f"{name}:{number + 1}: the sheet cannot be read any further: "
                f"{type(error).__name__} {error}"[:300]
            ) from error
        if not block:
            return
        for values in block:
            number += 1
            # Most cells of a wide sheet are empty, and rows that are left out are nothing else.
            if values.count(None) < len(values):
                row = [None if value is None else _cell(value) for value in values]
                if not is_blank(row):
                    yield Row(number=number, cells=row)
                    continue
            blank += 1
            if blanks is not None and blank > blanks:
                raise UnreadableFile(
                    f"{name}:{number}: more than {blanks:,} blank rows; delete them, or save the "
                    "sheet as CSV"
                )


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return None if _ERRORS.fullmatch(value) else value
    if isinstance(value, bool | int | float | datetime):
        return value
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _trimmed(cells: Sequence[Cell]) -> Sequence[Cell]:
    kept = len(cells)
    while kept and is_blank(cells[kept - 1 : kept]):
        kept -= 1
    return cells[:kept]


@contextmanager
def _quiet() -> Iterator[None]:
    """The library warns of colours and validations that it leaves out, which nobody asked for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
