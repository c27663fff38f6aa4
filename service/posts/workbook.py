"""A table as an XLSX workbook, row by row through a file, in which nothing is a formula."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from openpyxl import Workbook as Book
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

_LONGEST_CELL = 32_767
"""Characters that the format allows in one cell."""
_CHUNK = 64 * 1024


class Workbook:
    """One sheet under a head row; rows go to a temporary file, and that to the reader."""

    def __init__(self, head: Sequence[str]) -> None:
        self._book = Book(write_only=True)
        self._sheet = self._book.create_sheet("posts")
        self._sheet.freeze_panes = "A2"
        self.add(head)

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="fengsui-export-")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # A reader that goes away early leaves the sheet's own temporary file open.
        if not self._sheet.closed:
            self._sheet.close()
        self._folder.cleanup()

    def add(self, values: Sequence[Any]) -> None:
        """Add a row: numbers as numbers, everything else as text and never as a formula."""
        self._sheet.append([self._cell(value) for value in values])

    async def written(self) -> AsyncIterator[bytes]:
        """The workbook in chunks; nothing can be added afterwards."""
        path = Path(self._folder.name) / "posts.xlsx"
        await asyncio.to_thread(self._book.save, path)
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    def _cell(self, value: Any) -> Any:
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        if isinstance(value, list):
            value = "|".join(map(str, value))
        text = str(value).lower() if isinstance(value, bool) else str(value)
        cell = WriteOnlyCell(self._sheet, value="")
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:_LONGEST_CELL]
        # The library makes a formula of whatever begins with "=".
        cell.data_type = "s"
        return cell
