"""Reading posts out of JSON lines: line by line, plain or gzip, bad lines named and left out."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar, cast

from crawlers.errors import BadPost
from crawlers.json_page import decode_json
from crawlers.post import Post, PostKey
from crawlers.source import Cursor, Ok, OkEmpty, is_misread
from crawlers.wire import parse_post, parse_wire

MAX_LINE = 2 * 1024 * 1024
"""Longest line in bytes: 100,000 code points take at most 1.2 MB with every one escaped."""

STDIN = "-"

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedLine:
    """A line that is no post: `place` is file:line, `reason` names every mistake."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `end` is the byte behind it, `whole` is False for a last line without a break."""

    number: int
    data: bytes
    end: int
    whole: bool
    too_long: bool = False


class LineReader(Protocol):
    """How a line becomes a post, or the key of one that was deleted; None for one that is left out,
    as a blank one is."""

    def __call__(self, line: Line, *, name: str) -> Post | PostKey | RejectedLine | None: ...


def read_jsonl(stream: Path | str | IO[bytes]) -> Iterator[Post | RejectedLine]:
    """Read posts one by one from a path, `-` for stdin, or an open binary file; gzip is unpacked.

    A bad line comes out as a RejectedLine and the rest goes on; a last line without a line break is
    read too; blank lines are skipped. An archive that breaks off ends with a RejectedLine. Raises
    OSError when the file cannot be opened.
    """
    if isinstance(stream, Path | str):
        if str(stream) == STDIN:
            yield from _posts(sys.stdin.buffer, "stdin")
            return
        with Path(stream).open("rb") as file:
            yield from _posts(file, str(stream))
    else:
        yield from _posts(stream, str(getattr(stream, "name", "stream")))


def parse_line(data: bytes, *, place: str) -> Post | RejectedLine:
    """Read one line; never raises for what it holds."""
    return _understood(data, parse_post, place=place)


def read_line(line: Line, *, name: str) -> Post | PostKey | RejectedLine | None:
    """Read a line of the file called `name`, which may say that a post is gone; None for a blank
    one."""
    return _read(line, parse_wire, name=name)


def _read(line: Line, parse: Callable[[Any], _Read], *, name: str) -> _Read | RejectedLine | None:
    place = f"{name}:{line.number}"
    if line.too_long:
        return RejectedLine(place=place, reason=f"longer than {MAX_LINE} bytes")
    data = line.data.strip()
    if line.number == 1:
        data = data.removeprefix(b"\xef\xbb\xbf")
    return _understood(data, parse, place=place) if data else None


def _understood(data: bytes, parse: Callable[[Any], _Read], *, place: str) -> _Read | RejectedLine:
    try:
        return parse(decode_json(data))
    except BadPost as error:
        return RejectedLine(place=place, reason=str(error)[:1_000])
    except (ValueError, RecursionError) as error:
        return RejectedLine(place=place, reason=f"no JSON: {error}"[:300])


def read_batch(
    lines: Iterable[Line], *, name: str, cursor: Cursor, more: bool, read: LineReader = read_line
) -> Ok | OkEmpty:
    """Read lines into a result; `more` says that the next batch is waiting already."""
    posts: list[Post] = []
    gone: list[PostKey] = []
    rejected: list[tuple[str, str]] = []
    for line in lines:
        found = read(line, name=name)
        if isinstance(found, Post):
            posts.append(found)
        elif isinstance(found, PostKey):
            gone.append(found)
        elif found is not None:
            rejected.append((found.place, found.reason))
    hint = timedelta(0) if more else None
    if not posts and not rejected and not gone:
        return OkEmpty(cursor=cursor, hint=hint)
    return Ok(
        posts=tuple(posts),
        cursor=cursor,
        hint=hint,
        rejected=tuple(rejected),
        misread=is_misread(malformed=len(rejected), read=len(posts) + len(gone)),
        gone=tuple(gone),
    )


def lines_of(file: IO[bytes], *, offset: int = 0, number: int = 0) -> Iterator[Line]:
    """Lines with their places, behind `offset` and line `number`; too long ones come empty."""
    while data := file.readline(MAX_LINE + 1):
        number += 1
        length, last = len(data), data
        while len(last) > MAX_LINE and not last.endswith(b"\n"):
            last = file.readline(MAX_LINE + 1)
            length += len(last)
        offset += length
        too_long = length > MAX_LINE
        yield Line(
            number=number,
            data=b"" if too_long else data,
            end=offset,
            whole=last.endswith(b"\n"),
            too_long=too_long,
        )


def unpacked(file: IO[bytes]) -> IO[bytes]:
    """The file itself, or its contents if it begins like gzip, whatever it is called."""
    buffered = file if hasattr(file, "peek") else BufferedReader(cast(Any, file))
    if cast(BufferedReader, buffered).peek(2)[:2] == b"\x1f\x8b":
        return cast(IO[bytes], gzip.GzipFile(fileobj=buffered))
    return buffered


def _posts(file: IO[bytes], name: str) -> Iterator[Post | RejectedLine]:
    number = 0
    try:
        for line in lines_of(unpacked(file)):
            number = line.number
            read = _read(line, parse_post, name=name)
            if read is not None:
                yield read
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        place = f"{name}:{number + 1}"
        yield RejectedLine(place=place, reason=f"the archive breaks off: {error}"[:300])
