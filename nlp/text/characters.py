"""What each character becomes in the normal form, and which characters need more than a look-up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nlp.data_files import data_file, rows

# Blocks that may hold anything but plain ideographs and Hangul syllables, which fold to themselves
# (traditional characters come from the table). Scanning only these keeps the first use at ~60 ms.
_SCANNED = (
    range(0x80, 0x3400),
    range(0xA000, 0xAC00),
    range(0xD7A4, 0xD800),
    range(0xF900, 0x20000),
    range(0x2F800, 0x2FA20),
    range(0xE0000, 0xE1000),
)
# Default-ignorable code points that are not of category Cf: fillers, joiners, variation selectors.
_INVISIBLE = frozenset(
    (
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0xFE00, 0xFE10),
        *range(0xFFF0, 0xFFF9),
        *range(0xE0000, 0xE1000),
    )
)
_LIMIT = 0x110000
UNSETTLED = "\uffff"
"""Noncharacter that stands in `Characters.settled` for what a look-up alone does not settle."""
_HANGUL_TAILS = frozenset((*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)))


class TranslateTable(dict[int, int]):
    """A `str.translate` table that learns unlisted characters as themselves.

    A plain dict makes translate raise and catch a KeyError for each character it lacks.
    """

    def __missing__(self, code: int) -> int:
        self[code] = code
        return code


@dataclass(frozen=True, slots=True)
class Characters:
    """The tables of the normal form.

    `single` maps one character to one; `removed` and `cluster` (a base with what composes onto it,
    or a character that expands) find the rest in already translated text. `attaching` composes,
    `expanding` becomes several by itself. `settled` is `single` by code point, with `UNSETTLED` for
    any of them and for what its word decides.
    """

    single: TranslateTable
    simplified: TranslateTable
    removed: re.Pattern[str]
    cluster: re.Pattern[str]
    attaching: frozenset[str]
    expanding: frozenset[str]
    settled: NDArray[np.uint32]


@cache
def characters() -> Characters:
    """The tables, built once from the Unicode data of this Python and data/variants/t2s.tsv."""
    pairs = {ord(cells[0]): ord(cells[1]) for _, cells in rows(data_file("variants", "t2s.tsv"))}
    # A few characters are the simplified form of one and the traditional form of another.
    simplified = TranslateTable(
        (old, pairs.get(new, new)) for old, new in pairs.items() if old not in context_dependent()
    )
    single = TranslateTable((code, code) for code in range(0x3400, 0xA000))
    single.update(simplified)
    single.update((code, code + 32) for code in range(ord("A"), ord("Z") + 1))
    removed: list[int] = []
    expanding: list[int] = []
    attaching = _attaching()
    for code in (*range(0x80), *(code for block in _SCANNED for code in block)):
        if is_removed(code):
            removed.append(code)
            continue
        folded = fold(chr(code), simplified)
        if len(folded) == 1:
            single[code] = ord(folded)
        else:
            expanding.append(code)
            if ord(unicodedata.normalize("NFKD", folded)[0]) in attaching:
                attaching.add(code)
    on, out = _set(attaching), _set(expanding)
    unusual = {*attaching, *expanding, *removed}
    return Characters(
        single=single,
        simplified=simplified,
        removed=re.compile(f"[{_set(removed)}]+"),
        cluster=re.compile(f"(?s:.)[{on}]+|[{out}]"),
        attaching=frozenset(map(chr, attaching)),
        expanding=frozenset(map(chr, expanding)) - frozenset(map(chr, attaching)),
        settled=_settled(single, {*unusual, *context_dependent()}),
    )


def _settled(single: TranslateTable, unsettled: set[int]) -> NDArray[np.uint32]:
    means = np.arange(_LIMIT, dtype=np.uint32)
    means[list(single)] = list(single.values())
    open_ = np.zeros(_LIMIT, np.bool_)
    open_[list(unsettled)] = True
    means[open_[means]] = ord(UNSETTLED)
    return means


@cache
def context_dependent() -> frozenset[int]:
    """Characters whose simplified form depends on the word; see contextual.py."""
    return frozenset(ord(cells[0]) for _, cells in rows(data_file("variants", "contextual.tsv")))


def is_removed(code: int) -> bool:
    """Whether the character is invisible: format, control (line ends apart) or filler."""
    if code in _INVISIBLE:
        return True
    character = chr(code)
    return unicodedata.category(character) in ("Cf", "Cc") and not character.isspace()


def fold(text: str, simplified: TranslateTable) -> str:
    """Compatibility, case and script folding of a short text, repeated until nothing changes."""
    while True:
        folded = unicodedata.normalize("NFKC", text).casefold().translate(simplified)
        folded = unicodedata.normalize("NFKC", folded)
        folded = "".join(
            " " if character.isspace() else character
            for character in folded
            if not is_removed(ord(character))
        )
        if folded == text:
            return folded
        text = folded


def _attaching() -> set[int]:
    """Characters that may compose with or reorder before what stands before them."""
    found = set(_HANGUL_TAILS)
    for block in _SCANNED:
        for code in block:
            character = chr(code)
            parts = unicodedata.decomposition(character).split()
            if len(parts) == 2 and not parts[0].startswith("<"):
                found.add(int(parts[1], 16))
            if unicodedata.combining(unicodedata.normalize("NFKD", character)[0]):
                found.add(code)
    return found


def _set(codes: Iterable[int]) -> str:
    """The inside of a regular expression's character class, in ranges."""
    pieces: list[str] = []
    first = last = -2
    for code in sorted(set(codes)):
        if code != last + 1:
            if first >= 0:
                pieces.append(f"\\U{first:08x}-\\U{last:08x}")
            first = code
        last = code
    if first >= 0:
        pieces.append(f"\\U{first:08x}-\\U{last:08x}")
    return "".join(pieces)
