"""Compressed files of JSON lines: written once, readable by their owner alone."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from service.backup.errors import DamagedBackup

_LEVEL = 4
"""Posts shrink to a fifth; the next levels cost twice the time for a twentieth more."""
_CHUNK = 1 << 20


class LineWriter:
    """Appends values as lines, and counts them."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self.lines = 0

    def write(self, value: Any) -> None:
        """Append one value; aware instants become ISO text, dataclasses objects."""
        self._file.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
        self.lines += 1


@contextmanager
def writing(path: Path) -> Iterator[LineWriter]:
    """A new file, on disk when the block ends. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=_LEVEL) as packed:
            yield LineWriter(packed)
        raw.flush()
        os.fsync(raw.fileno())


def reading(path: Path) -> Iterator[tuple[bytes, Any]]:
    """Each line as it stands and as a value. Raises DamagedBackup naming file and line."""
    number = 0
    try:
        with gzip.open(path, "rb") as file:
            for line in file:
                value = orjson.loads(line)
                number += 1
                yield line, value
    except (OSError, EOFError, zlib.error, orjson.JSONDecodeError) as error:
        raise DamagedBackup(
            f"{path.name} cannot be read after line {number} ({error}): take another backup"
        ) from error


def checksum(path: Path) -> str:
    """SHA-256 of the file as hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
