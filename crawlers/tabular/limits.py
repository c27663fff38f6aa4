"""How much of a file is read, and what is said of one that is more, or no table at all."""

from __future__ import annotations

from dataclasses import dataclass

MOST_COLUMNS = 1_000
BLANKS_A_ROW = 3
"""Rows of a sheet that may be blank, for each one that is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLimits:
    """`rows` below the heading, `unpacked` bytes of what comes packed (gzip, XLSX); None: no end.

    `tags` bounds the elements of a workbook, each of which costs a hundred bytes of memory and
    microseconds, however well the file was packed.
    """

    rows: int | None = None
    unpacked: int = 1_000_000_000
    tags: int = 12_000_000


UPLOADED = TableLimits(rows=100_000, unpacked=100_000_000, tags=4_000_000)
"""For files that come over the network."""
