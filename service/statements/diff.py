"""What changed between two wordings: pieces that say how the one becomes the other. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECES = re.compile(r"[^。！？!?；;，,\n]*[。！？!?；;，,\n]|[^。！？!?；;，,\n]+")
_FINE = 400
"""Code points of a changed piece above which it is told as a whole: finer takes quadratic time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`op` is equal, insert, delete or replace; places are in code points of either text."""

    op: str
    start: int
    end: int
    new_start: int
    new_end: int
    before: str
    after: str


def diff(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in order: their `before` make up the one text, their `after` the other."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    found: list[Piece] = []
    at = new_at = 0
    for op, first, last, new_first, new_last in _opcodes(old, new):
        left, right = "".join(old[first:last]), "".join(new[new_first:new_last])
        fine = op == "replace" and max(len(left), len(right)) <= _FINE
        for name, one, other in _within(left, right) if fine else [(op, left, right)]:
            found.append(
                Piece(
                    op=name,
                    start=at,
                    end=at + len(one),
                    new_start=new_at,
                    new_end=new_at + len(other),
                    before=one,
                    after=other,
                )
            )
            at, new_at = at + len(one), new_at + len(other)
    return tuple(found)


def _within(left: str, right: str) -> Iterator[tuple[str, str, str]]:
    for op, first, last, new_first, new_last in _opcodes(left, right):
        yield op, left[first:last], right[new_first:new_last]


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
