"""The end of the bundled stream: a crisis at full heat, small enough for a test."""

from __future__ import annotations

import gzip
from pathlib import Path

from service.demo import stream_path

LINES = 500


def tail(path: Path, *, lines: int = LINES, of: int = LINES) -> Path:
    """Write the first `lines` of the last `of` lines to `path`; answers it."""
    with gzip.open(stream_path(), "rb") as stream:
        last = stream.readlines()[-of:]
    path.write_bytes(b"".join(last[:lines]))
    return path
