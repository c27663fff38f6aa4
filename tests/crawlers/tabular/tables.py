"""Tables made by tests: as bytes, read the way an import reads them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl

from crawlers.tabular import Given, Preview, Row, TableLimits, open_table, preview

ZONE = ZoneInfo("Asia/Shanghai")


def rows_of(data: bytes, **options: Any) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and all rows of a file."""
    with open_table(io.BytesIO(data), name="f", **options) as table:
        return table.columns, list(table.rows)


def look(data: bytes, *pairs: str, source: str | None = "weibo", **options: Any) -> Preview:
    """What an import of the file would read."""
    given = Given(source=source, zone=ZONE)
    return preview(io.BytesIO(data), name="f", pairs=pairs, given=given, rows=100, **options)


def workbook(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> bytes:
    """An XLSX file of those sheets, as a program writes it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for place, rows in enumerate(sheets):
        sheet = book.create_sheet(names[place] if names else f"S{place}")
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    book.close()
    return file.getvalue()


def archive(**parts: str | bytes) -> bytes:
    """A ZIP file of those parts; `_` in a name stands for `/`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("_", "/"), content)
    return file.getvalue()


SMALL = TableLimits(rows=3, unpacked=50_000, tags=2_000)
