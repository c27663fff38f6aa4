"""Lines as they come."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cli.lines import Line, available, batches


class Pieces:
    """A stream that gives one piece a read and counts the reads."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = [piece for piece in pieces if piece]
        self.reads = 0

    def read1(self, size: int = -1, /) -> bytes:
        self.reads += 1
        return self._pieces.pop(0) if self._pieces else b""


def test_what_is_there_is_given_before_more_is_asked_for() -> None:
    stream = Pieces(b"a\nb\n", b"c\n")
    lines = available(stream, most=64)
    assert next(lines) == [Line(1, b"a"), Line(2, b"b")]
    assert stream.reads == 1
    assert next(lines) == [Line(3, b"c")]


def test_a_line_in_pieces_comes_whole() -> None:
    assert [*available(Pieces(b"a", b"b", b"c\nd"), most=64)] == [
        [Line(1, b"abc")],
        [Line(2, b"d")],
    ]


def test_no_batch_is_larger_than_the_most() -> None:
    found = [*available(Pieces(b"x\n" * 5), most=2)]
    assert [len(batch) for batch in found] == [2, 2, 1]


def test_nothing_has_no_lines() -> None:
    assert [*available(Pieces(), most=64)] == []


@given(st.lists(st.binary(max_size=6).map(lambda piece: piece.replace(b"x", b"\n"))))
def test_however_it_comes_in_pieces_the_lines_are_the_same(pieces: list[bytes]) -> None:
    lines = [line for batch in available(Pieces(*pieces), most=3) for line in batch]
    whole = b"".join(pieces)
    expected = whole.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert [line.content for line in lines] == expected
    assert all(b.number == a.number + 1 for a, b in pairwise(lines))


def test_a_file_is_read_and_a_missing_one_named(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"1\n2")
    assert [*batches(file, most=9)] == [[Line(1, b"1")], [Line(2, b"2")]]
    with pytest.raises(click.ClickException, match="none"):
        next(batches(tmp_path / "none", most=9))
