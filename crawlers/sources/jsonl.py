"""A file of JSON lines as a source: exports, back-fills, a log that another program writes."""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, Field

from crawlers.jsonl import STDIN, Line, LineReader, lines_of, read_batch, read_line, unpacked
from crawlers.kind import OPTIONAL_FIELDS, Basis, SourceKind
from crawlers.post import Channel, Post, PostKey
from crawlers.source import Cursor, Failed, Fetcher, FetchResult, Source
from crawlers.sources.stdin import StdinSource

_HEAD = 1_024


class JsonlSettings(BaseModel):
    """Settings: a path or `-` for stdin; `batch` is how many lines one pull takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1)
    batch: int = Field(default=500, ge=1, le=10_000)


class JsonlSource:
    """Follows a file that may still be written to.

    A cursor is the byte behind the last line taken (of the unpacked file, for an archive), its
    number, and a digest of the file's head: a file that is shorter now, or begins otherwise, was
    replaced and is read from its start. Posts that come twice are no-ops.
    """

    def __init__(self, name: str, settings: JsonlSettings, *, read: LineReader = read_line) -> None:
        """`read` turns a line into a post, where lines are not in the shape of posts."""
        self._name = name
        self._settings = settings
        self._read = read

    @property
    def name(self) -> str:
        return self._name

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Take the next batch of whole lines; a half-written last one waits for its rest."""
        path = self._settings.path
        try:
            return await asyncio.to_thread(self._pull, cursor or {})
        except FileNotFoundError:
            return Failed(reason=f"{path}: no such file")
        except (OSError, EOFError, zlib.error) as error:
            return Failed(reason=f"{path}: {type(error).__name__} {error}"[:300])

    def _pull(self, cursor: Cursor) -> FetchResult:
        with Path(self._settings.path).open("rb") as raw:
            file = unpacked(raw)
            offset, number = position_of(cursor)
            if head_of(file, offset) != cursor.get("head"):
                offset = number = 0
            file.seek(offset)
            return self._take(file, offset, number)

    def _take(self, file: IO[bytes], offset: int, number: int) -> FetchResult:
        lines: list[Line] = []
        for line in lines_of(file, offset=offset, number=number):
            if not self._finished(line):
                break
            lines.append(line)
            offset = line.end
            # Without its break the line goes on, as far as counting is concerned.
            number = line.number if line.whole else line.number - 1
            if len(lines) >= self._settings.batch:
                break
        cursor = {"offset": offset, "line": number, "head": head_of(file, offset)}
        more = len(lines) >= self._settings.batch
        return read_batch(
            lines, name=self._settings.path, cursor=cursor, more=more, read=self._read
        )

    def _finished(self, line: Line) -> bool:
        """Whether a line may be taken: it has its break, or is a post as it stands.

        No beginning of a JSON object is an object, so what reads as a post cannot be half of one.
        """
        return line.whole or isinstance(self._read(line, name=self._settings.path), Post | PostKey)


def jsonl_source(name: str, settings: JsonlSettings, now: Callable[[], datetime]) -> Source:
    """Build the source for the registry; reading lines needs no clock."""
    del now
    if settings.path == STDIN:
        return StdinSource(name, batch=settings.batch)
    return JsonlSource(name, settings)


JSONL = SourceKind(
    settings=JsonlSettings,
    build=jsonl_source,
    summary="a file of JSON lines, plain or gzip, or stdin",
    basis=Basis.OPERATOR_EXPORT,
    channel=Channel.SOCIAL,
    rate_limit=None,
    fields=tuple(sorted(OPTIONAL_FIELDS)),
)


def head_of(file: IO[bytes], offset: int) -> str | None:
    """A digest of what stands before `offset`; None at the start, "" in a file that is shorter."""
    if offset <= 0:
        return None
    file.seek(offset - 1)
    if len(file.read(1)) != 1:
        return ""
    file.seek(0)
    return hashlib.sha256(file.read(min(_HEAD, offset))).hexdigest()[:16]


def position_of(cursor: Cursor) -> tuple[int, int]:
    """Byte and line number that a cursor stands for; the start for one of another shape."""
    offset, line = cursor.get("offset", 0), cursor.get("line", 0)
    if isinstance(offset, int) and isinstance(line, int) and offset >= 0 <= line:
        return offset, line
    return 0, 0
