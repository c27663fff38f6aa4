"""Lines of a file or of stdin, together as far as they are there, never waiting for more."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import click

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end; `number` counts from 1."""

    number: int
    content: bytes


class Stream(Protocol):
    def read1(self, size: int = -1, /) -> bytes:
        """What is there, up to `size` bytes; waits only when nothing is. Empty at the end."""
        ...


def batches(file: Path, *, most: int) -> Iterator[Sequence[Line]]:
    """The lines of `file` (`-` is stdin), at most `most` together. Raises ClickException."""
    if str(file) == "-":
        # Typed as any binary stream; a process's stdin is a buffered one, which has `read1`.
        yield from available(cast(Stream, sys.stdin.buffer), most=most)
        return
    try:
        with file.open("rb") as stream:
            yield from available(stream, most=most)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error


def available(stream: Stream, *, most: int) -> Iterator[Sequence[Line]]:
    """Whole lines as they come: whoever writes one and waits gets its answer."""
    number = 0
    begun: list[bytes] = []
    while True:
        chunk = stream.read1(_CHUNK)
        head, ended, rest = chunk.rpartition(b"\n")
        if chunk and not ended:
            begun.append(chunk)
            continue
        whole = b"".join((*begun, head))
        begun = [rest] if rest else []
        # At the end of the input what was begun is a line too, unless there is none.
        contents = whole.split(b"\n") if ended or whole else []
        lines = [Line(number + place, content) for place, content in enumerate(contents, start=1)]
        number += len(lines)
        for start in range(0, len(lines), most):
            yield lines[start : start + most]
        if not chunk:
            return
