"""The normal form: one spelling for the many ways of writing the same words, with the way back.

In order: NFKC, case folding and traditional → simplified per character; invisible characters out;
combining sequences composed and ligatures expanded; context-dependent variants; any character but a
digit at most twice in a row, white space once. Line ends become a space. Lone surrogates survive.
"""

from __future__ import annotations

import re
from codecs import utf_32_le_decode, utf_32_le_encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from nlp.text.characters import UNSETTLED, Characters, characters, context_dependent, fold
from nlp.text.contextual import contextual_variants

VERSION = "normalizer-1"

# Group 2 is what goes: a run keeps its first and its last, so that a span on one of them is exact.
_RUN = re.compile(r"([^\d ])(\1+)\1| {2,}")
_UNSETTLED = re.compile(UNSETTLED)
# Two equalities of neighbours.
_THREE = b"\1\1"
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
    # Most texts need no more than a look-up by character, which arrays do in no time.
    codes = np.frombuffer(utf_32_le_encode(text, "surrogatepass")[0], np.uint32)
    settled = tables.settled.take(codes.astype(np.intp))
    normal = utf_32_le_decode(settled.tobytes(), "surrogatepass")[0]
    if UNSETTLED in normal:
        mapped = _settle(text.translate(tables.single), normal, tables)
    elif "  " in normal or _THREE in (settled[1:] == settled[:-1]).tobytes():
        mapped = _Mapped.same(normal)
    else:
        return NormalText(text, normal)
    mapped = mapped.edited(
        (*match.span(2), "") if match[1] else (*match.span(), " ")
        for match in _RUN.finditer(mapped.text)
    )
    if isinstance(mapped.starts, range):
        return NormalText(text, mapped.text)
    return NormalText(text, mapped.text, tuple(mapped.starts), tuple(mapped.ends))


@dataclass(frozen=True, slots=True)
class _Mapped:
    """Text on its way to the normal form, with the original span of each character."""

    text: str
    starts: list[int] | range
    ends: list[int] | range

    @classmethod
    def same(cls, text: str) -> _Mapped:
        """Text whose characters stand where they stood in the original."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

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


def _settle(text: str, settled: str, tables: Characters) -> _Mapped:
    """Removes the invisible, composes and expands the rest, then looks at words in context."""
    mapped = _Mapped.same(text)
    odd = [match.start() for match in _UNSETTLED.finditer(settled)]
    kinds = {text[place] for place in odd}
    if kinds <= tables.expanding:
        mapped = mapped.edited((place, place + 1, _expanded(text[place])) for place in odd)
    elif not kinds <= _in_context():
        mapped = mapped.edited((*match.span(), "") for match in tables.removed.finditer(text))
        mapped = mapped.edited(
            (*match.span(), fold(match[0][:_LONGEST_CLUSTER], tables.simplified))
            for match in tables.cluster.finditer(mapped.text)
        )
    return _Mapped(contextual_variants().apply(mapped.text), mapped.starts, mapped.ends)


@lru_cache(maxsize=1_024)
def _expanded(character: str) -> str:
    return fold(character, characters().simplified)


@cache
def _in_context() -> frozenset[str]:
    return frozenset(map(chr, context_dependent()))
