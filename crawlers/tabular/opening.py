"""Opening a file as a table: what it is stands in its first bytes, not in its name."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, cast

from crawlers.errors import UnreadableFile
from crawlers.tabular.delimited import read_delimited
from crawlers.tabular.encoding import as_utf8, encoding_of
from crawlers.tabular.limits import TableLimits
from crawlers.tabular.objects import read_objects
from crawlers.tabular.row import Row, Table
from crawlers.tabular.workbook import open_workbook

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_HEAD = 4_096
_BLOCK = 1 << 20


@contextmanager
def open_table(
    file: IO[bytes], *, name: str, sheet: str | None = None, limits: TableLimits | None = None
) -> Iterator[Table]:
    """A seekable file as a table: XLSX, JSON lines, or CSV of any usual separator and encoding.

    Text may be packed with gzip. `name` stands before every place that is named. Raises
    UnreadableFile, also while rows are read, and OSError.
    """
    limits = limits or TableLimits()
    try:
        head = _head(file)
        if head.startswith(_OLD_EXCEL):
            raise UnreadableFile(f"{name}: a workbook of the old kind (XLS); save it as XLSX")
        if head.startswith(_ZIP):
            with open_workbook(file, name=name, sheet=sheet, limits=limits) as table:
                yield _bounded(table, limits)
            return
        if sheet is not None:
            raise UnreadableFile(f"{name}: has no sheets; leave the name of one out")
        if head.startswith(_GZIP):
            file = cast(IO[bytes], gzip.GzipFile(fileobj=file))
            _measure(file, name, limits)
            head = _head(file)
        yield _bounded(_text(file, head, name), limits)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFile(f"{name}: the archive cannot be unpacked: {error}") from error


def _text(file: IO[bytes], head: bytes, name: str) -> Table:
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if begin == b"[":
        raise UnreadableFile(f"{name}: a JSON array; write one object a line")
    if begin == b"{":
        return read_objects(file, name=name)
    encoding = encoding_of(file, name=name)
    return read_delimited(
        as_utf8(file, encoding, name=name),
        encoding="utf-8" if encoding.startswith("utf-16") else encoding,
        name=name,
    )


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    return head


def _measure(file: IO[bytes], name: str, limits: TableLimits) -> None:
    size = 0
    while block := file.read(_BLOCK):
        size += len(block)
        if size > limits.unpacked:
            raise UnreadableFile(f"{name}: unpacks to more than {limits.unpacked:,} bytes")
    file.seek(0)


def _bounded(table: Table, limits: TableLimits) -> Table:
    if limits.rows is None:
        return table

    def rows(most: int) -> Iterator[Row]:
        for count, row in enumerate(table.rows):
            if count >= most:
                raise UnreadableFile(
                    f"{table.name}:{row.number}: more than {most:,} rows; send them in parts"
                )
            yield row

    return replace(table, rows=rows(limits.rows))
