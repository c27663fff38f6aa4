"""Signs that a text hides something: which places deserve another reading.

A sign counts only where its reading and a neighbour make two characters of some term, so that 女子
in ordinary text costs nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import pairwise

from nlp.evasion.alphabet import EMOJI, IDEOGRAPH, KEPT, LETTER, PAUSE, Alphabet
from nlp.evasion.patterns import Pattern, sound_keys
from nlp.evasion.rewriting import Rewrite, cuts
from nlp.evasion.scan import Key, Scan
from nlp.evasion.tables import Tables
from nlp.evasion.technique import Technique
from nlp.evasion.tracing import MOST_INSERTED

_RUN = re.compile("[a-z]{2,}")
# Runs of letters whose syllables are kept.
_REMEMBERED = 16_384


class Signs:
    """Finds the places of a text worth another reading, for the terms of some patterns."""

    def __init__(self, found: Sequence[Pattern], alphabet: Alphabet, tables: Tables) -> None:
        self._alphabet = alphabet
        self._emoji = tables.emoji
        self._pairs: set[str] = set()
        letters: set[str] = set()
        for pattern in found:
            if pattern.folds:
                letters.update(pattern.letters)
                for key in sound_keys(pattern, alphabet, tables):
                    self._pairs.update(map("".join, pairwise(key)))
        self._neighbours = {
            pair
            for pattern in found
            if pattern.folds
            for pair in map("".join, pairwise(pattern.letters))
        }
        symbols = {sign: alphabet.symbols[sound] for sign, sound in tables.spelled.items()}
        self._cuts = lru_cache(maxsize=_REMEMBERED)(
            partial(cuts, pairs=self._pairs, symbols=symbols)
        )
        self._splits = {
            parts: kept
            for parts, wholes in tables.splits.items()
            if parts[0] != parts[1] and (kept := "".join(filter(letters.__contains__, wholes)))
        }
        self.parts = tuple(self._splits)
        self._leet = tables.leet

    def find(self, text: Scan, key: Key, parts: Iterable[tuple[int, int]]) -> Iterator[Rewrite]:
        """The rewrites worth a reading; `parts` are the places in the key of two parts each."""
        for first, last in parts:
            yield from self._split(text, key, first, last)
        yield from self._others(text)

    def _split(self, text: Scan, key: Key, first: int, last: int) -> Iterator[Rewrite]:
        """The rewrite of two parts at key.symbols[first:last], if it makes sense there."""
        letters, splits = key.letters, self._splits
        start, end = key.start(first, 1), key.end(last - 1)
        if end - start > 3 or PAUSE in text.kinds[start:end]:
            return
        before = letters[max(0, first - 1) : first] + splits.get(
            letters[max(0, first - 2) : first], ""
        )
        after = letters[last : last + 1] + splits.get(letters[last : last + 2], "")
        # A last part said twice begins the next character: 云力力 is 动力.
        after += text.plain[end : end + 1]
        near = self._neighbours
        for whole in splits.get(letters[first:last], ""):
            if any(left + whole in near for left in before) or any(
                whole + right in near for right in after
            ):
                yield Rewrite(start, end, whole, Technique.SPLIT)

    def may_be_in(self, text: Scan) -> bool:
        """Whether there is anything beside parts of characters to look at: the quickest look."""
        return LETTER in text.kinds or EMOJI in text.kinds or KEPT in text.kinds

    def _others(self, text: Scan) -> Iterator[Rewrite]:
        if EMOJI in text.kinds or KEPT in text.kinds:
            yield from self._read_out(text)
        if LETTER in text.kinds:
            yield from self._signs_as_letters(text.plain)
            yield from self._spelled(text)

    def _signs_as_letters(self, plain: str) -> Iterator[Rewrite]:
        for sign, letters in self._leet.items():
            place = -1 if sign.isdigit() else plain.find(sign)
            while place >= 0:
                if _inside_letters(plain, place):
                    yield Rewrite(place, place + 1, letters[0], Technique.LEET)
                place = plain.find(sign, place + 1)

    def _read_out(self, text: Scan) -> Iterator[Rewrite]:
        for place in ((text.kind == EMOJI) | (text.kind == KEPT)).nonzero()[0].tolist():
            reading = self._emoji.get(text.text[place])
            if reading is not None:
                before, after = self._before(text, place), self._after(text, place + 1)
                if self._fits(before, self._sound(reading), after):
                    yield Rewrite(place, place + 1, reading, Technique.EMOJI)

    def _spelled(self, text: Scan) -> Iterator[Rewrite]:
        runs = [
            Rewrite(match.start(), match.end(), reading, Technique.PINYIN)
            for match in _RUN.finditer(text.plain)
            for reading in self._cuts(match[0])
        ]
        if not runs:
            return
        firsts: dict[int, set[str]] = defaultdict(set)
        lasts: dict[int, set[str]] = defaultdict(set)
        for run in runs:
            firsts[run.start].add(self._sound(run.reading[0]))
            lasts[run.end].add(self._sound(run.reading[-1]))
        for run in runs:
            before, after = self._before(text, run.start), self._after(text, run.end)
            for gap in range(MOST_INSERTED + 1):
                before |= lasts.get(run.start - gap, set())
                after |= firsts.get(run.end + gap, set())
            if self._fits(before, self._sound(run.reading), after):
                yield run

    def _fits(self, before: Iterable[str], symbols: str, after: Iterable[str]) -> bool:
        pairs = self._pairs
        return (
            any(left + symbols[0] in pairs for left in before)
            or any(symbols[-1] + right in pairs for right in after)
            or any(left + right in pairs for left, right in pairwise(symbols))
        )

    def _sound(self, characters: str) -> str:
        sound = self._alphabet.sound
        return "".join([chr(int(sound[ord(character)])) for character in characters])

    def _before(self, text: Scan, place: int) -> set[str]:
        for other in range(place - 1, max(-1, place - 2 - MOST_INSERTED), -1):
            if (found := self._heard(text, other, last=True)) is not None:
                return found
        return set()

    def _after(self, text: Scan, place: int) -> set[str]:
        for other in range(place, min(len(text.text), place + 1 + MOST_INSERTED)):
            if (found := self._heard(text, other, last=False)) is not None:
                return found
        return set()

    def _heard(self, text: Scan, place: int, *, last: bool) -> set[str] | None:
        """The sound at a place; None where there is only noise."""
        if text.kinds[place] in (IDEOGRAPH, LETTER):
            return {self._sound(text.plain[place])}
        reading = self._emoji.get(text.text[place])
        return None if reading is None else {self._sound(reading)[-1 if last else 0]}


def _inside_letters(plain: str, place: int) -> bool:
    """Whether a sign may be a letter of a word: between two, or @ and $ before some."""
    before, after = plain[max(0, place - 1) : place], plain[place + 1 : place + 3]
    if not (after.isascii() and after[:1].isalpha()):
        return False
    return (before.isascii() and before.isalnum()) or (plain[place] in "@$" and after.isalpha())
