"""The normal form: one spelling for the many ways of writing the same words, with the way back.

In order: NFKC, case folding and traditional → simplified per character; invisible characters out;
combining sequences composed and ligatures expanded; context-dependent variants; any character but a
digit at most twice in a row, white space once. Line ends become a space. Lone surrogates survive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.text.characters import Characters, characters, fold
from nlp.text.contextual import contextual_variants

VERSION = "normalizer-1"

# Group 2 is what goes: a run keeps its first and its last, so that a span on one of them is exact.
_RUN = re.compile(r"([^\d ])(\1+)\1| {2,}")
# No script stacks more than 30 marks (Unicode's stream-safe limit); sorting is quadratic in them.
_LONGEST_CLUSTER = 31
_Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class NormalText:
    """A normal form and where each of its characters came from.

    Character i of `text` came from `original[starts[i]:ends[i]]`, never empty; both sequences are
    monotone. None for both means that the positions are the same.
    """

    original: str
    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the original that the half-open span of the normal form came from.

        Both in code points. Raises ValueError when the span is empty or leaves the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span {start}:{end} is not inside a text of {len(self.text)}")
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def normalize(text: str) -> NormalText:
    """The normal form of any string. Idempotent: a normal form is its own normal form."""
    tables = characters()
    normal = text.translate(tables.single)
    unusual = tables.unusual.search(normal) is not None
    if not unusual:
        normal = contextual_variants().apply(normal)
        if _RUN.search(normal) is None:
            return NormalText(text, normal)
    mapped = _Mapped(normal, range(len(normal)), range(1, len(normal) + 1))
    if unusual:
        mapped = _fold_unusual(mapped, tables)
    mapped = mapped.edited(
        (*match.span(2), "") if match[1] else (*match.span(), " ")
        for match in _RUN.finditer(mapped.text)
    )
    return NormalText(text, mapped.text, tuple(mapped.starts), tuple(mapped.ends))


@dataclass(frozen=True, slots=True)
class _Mapped:
    """Text on its way to the normal form, with the original span of each character."""

    text: str
    starts: list[int] | range
    ends: list[int] | range

    def edited(self, edits: Iterable[_Edit]) -> _Mapped:
        """The text with each (start, end, replacement) made; the whole span backs a replacement."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for start, end, new in edits:
            pieces.append(self.text[done:start])
            starts.extend(self.starts[done:start])
            ends.extend(self.ends[done:start])
            if new:
                pieces.append(new)
                starts.extend([self.starts[start]] * len(new))
                ends.extend([self.ends[end - 1]] * len(new))
            done = end
        if done == 0:
            return self
        pieces.append(self.text[done:])
        starts.extend(self.starts[done:])
        ends.extend(self.ends[done:])
        return _Mapped("".join(pieces), starts, ends)


def _fold_unusual(mapped: _Mapped, tables: Characters) -> _Mapped:
    """Removes the invisible, composes and expands the rest, then looks at words in context."""
    mapped = mapped.edited((*match.span(), "") for match in tables.removed.finditer(mapped.text))
    mapped = mapped.edited(
        (*match.span(), fold(match[0][:_LONGEST_CLUSTER], tables.simplified))
        for match in tables.cluster.finditer(mapped.text)
    )
    return _Mapped(contextual_variants().apply(mapped.text), mapped.starts, mapped.ends)
