"""Signs that a text hides something: which places deserve another reading.

A sign counts only where its reading and a neighbour make two characters of some term, so that 女子
in ordinary text costs nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from itertools import chain, pairwise
from operator import ne

from nlp.evasion.alphabet import (
    EMOJI,
    IDEOGRAPH,
    KEPT,
    LETTER,
    NOISE,
    PAUSE,
    READABLE,
    Alphabet,
)
from nlp.evasion.ordinary import crossing, is_word, rare, tokens
from nlp.evasion.patterns import Heard, Pattern
from nlp.evasion.rewriting import Rewrite, cuts
from nlp.evasion.scan import Key, Scan
from nlp.evasion.tables import Tables
from nlp.evasion.technique import Technique
from nlp.evasion.tracing import MOST_INSERTED

_RUN = re.compile("[a-z]{2,}")
# One letter at a time: w e i x i n.
_LOOSE_RUN = re.compile(r"(?<![a-z])(?:[a-z][ .*_\-]){3,}[a-z](?![a-z])")
_BETWEEN = re.compile(r"[ .*_\-]")
# Places of a text's kinds.
_LETTERS = re.compile(b"%c[%c%c%c]?%c" % (LETTER, NOISE, KEPT, READABLE, LETTER))
# Letters are few, and a search for one byte (hence not `+`) skips what lies between.
_LETTER_RUN = re.compile(b"%c%c*" % (LETTER, LETTER))
_APART = bytes((LETTER, NOISE, LETTER, NOISE, LETTER, NOISE, LETTER))
# How many parts a character comes in.
_SIZES = (2, 3)
# Runs of letters whose syllables are kept.
_REMEMBERED = 16_384


class _Sounds(dict[int, int]):
    """A `str.translate` table of sounds that learns what it is asked for."""

    def __init__(self, alphabet: Alphabet) -> None:
        super().__init__()
        self._sound = alphabet.sound

    def __missing__(self, code: int) -> int:
        self[code] = sound = int(self._sound[code])
        return sound


class Signs:
    """Finds the places of a text worth another reading, for the terms of some patterns."""

    def __init__(
        self, found: Iterable[Pattern], alphabet: Alphabet, tables: Tables, sounds: Heard
    ) -> None:
        self._emoji = tables.emoji
        self._sounds = _Sounds(alphabet)
        letters = set("".join([pattern.letters for pattern in found if pattern.folds]))
        self._neighbours = {
            pattern.letters[at : at + 2]
            for pattern in found
            if pattern.folds
            for at in range(len(pattern.letters) - 1)
        }
        self._pairs = {
            key[at : at + 2]
            for keys in sounds.values()
            for key in keys
            for at in range(len(key) - 1)
        }
        symbols = {sign: alphabet.symbols[sound] for sign, sound in tables.spelled.items()}
        self._cuts = lru_cache(maxsize=_REMEMBERED)(
            partial(cuts, pairs=self._pairs, symbols=symbols)
        )
        self._splits = {
            parts: kept
            for parts, wholes in tables.splits.items()
            if all(map(ne, parts, parts[1:]))
            and (kept := "".join(filter(letters.__contains__, wholes)))
        }
        self.parts = tuple(self._splits)
        self._leet = tables.leet
        self._signs_in_words = _signs_in_words(tables.leet)

    def find(self, text: Scan, key: Key, parts: Iterable[tuple[int, int]]) -> Iterator[Rewrite]:
        """The rewrites worth a reading; `parts` are places in the key of split characters."""
        for first, last in parts:
            yield from self._split(text, key, first, last)
        yield from self._others(text)

    def _split(self, text: Scan, key: Key, first: int, last: int) -> Iterator[Rewrite]:
        """The rewrite of the parts at key.symbols[first:last], if it makes sense there."""
        letters, splits = key.letters, self._splits
        written = letters[first:last]
        # What the key joins may look like parts and be none.
        if written not in splits:
            return
        start, end = key.start(first, 1), key.end(last - 1)
        if end - start > last - first + 1 or PAUSE in text.kinds[start:end]:
            return
        # What no term has shares a symbol, hence a run, of which `letters` has the first.
        before = key.before(first)
        after = letters[last : last + 1]
        for size in _SIZES:
            before += splits.get(letters[max(0, first - size) : first], "")
            after += splits.get(letters[last : last + size], "")
        # A last part said twice begins the next character: 云力力 is 动力.
        after += text.plain[end : end + 1]
        sounds_before, sounds_after = self._sound(before), self._sound(after)
        wholes = [
            whole
            for whole in splits[written]
            if self._fits(sounds_before, self._sound(whole), sounds_after)
        ]
        common = wholes and not any(map(rare, written))
        # Parts that every text has (月中) may belong to what stands beside them: 中药.
        if common and crossing(tokens(text.plain, start, end), start, end) is not None:
            wholes = [] if is_word(written) else self._beside(before, wholes, after)
        for whole in wholes:
            yield Rewrite(start, end, whole, Technique.SPLIT)

    def _beside(self, before: str, wholes: Iterable[str], after: str) -> list[str]:
        """The characters that make two of a term with a neighbour, as they are written."""
        near = self._neighbours
        return [
            whole
            for whole in wholes
            if any(one + whole in near for one in before)
            or any(whole + one in near for one in after)
        ]

    def may_be_in(self, text: Scan) -> bool:
        """Whether there is anything beside parts of characters to look at: the quickest look."""
        kinds = text.kinds
        return (
            EMOJI in kinds
            or READABLE in kinds
            or (LETTER in kinds and _LETTERS.search(kinds) is not None)
        )

    def _others(self, text: Scan) -> Iterator[Rewrite]:
        yield from self._read_out(text)
        if _LETTERS.search(text.kinds) is not None:
            yield from self._signs_as_letters(text)
            yield from self._spelled(text)

    def _signs_as_letters(self, text: Scan) -> Iterator[Rewrite]:
        """A sign may be a letter between two, and @ and $ before some."""
        plain = text.plain
        for letters in _LETTER_RUN.finditer(text.kinds):
            start = letters.start()
            match = self._signs_in_words.match(plain, start - 1) if start else None
            if match is None:
                continue
            before = plain[max(0, match.start() - 1) : match.start()]
            if match[1] or (before.isascii() and before.isalnum()):
                yield Rewrite(*match.span(), self._leet[match[0]][0], Technique.LEET)

    def _read_out(self, text: Scan) -> Iterator[Rewrite]:
        for place in chain(text.places_of(EMOJI), text.places_of(READABLE)):
            said = self._emoji.get(text.text[place])
            if said is not None:
                before, after = self._before(text, place), self._after(text, place + 1)
                for reading in said:
                    if self._fits(before, self._sound(reading), after):
                        yield Rewrite(place, place + 1, reading, Technique.EMOJI)

    def _spelled(self, text: Scan) -> Iterator[Rewrite]:
        plain, cut = text.plain, self._cuts
        runs = [
            Rewrite(*match.span(), reading, Technique.PINYIN)
            for letters in _LETTER_RUN.finditer(text.kinds)
            for match in _RUN.finditer(plain, *letters.span())
            for reading in cut(match[0])
        ]
        if _APART in text.kinds:
            runs += [
                Rewrite(*match.span(), reading, Technique.PINYIN)
                for match in _LOOSE_RUN.finditer(plain)
                for reading in cut(_BETWEEN.sub("", match[0]))
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
                if run.start - gap in lasts:
                    before |= lasts[run.start - gap]
                if run.end + gap in firsts:
                    after |= firsts[run.end + gap]
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
        return characters.translate(self._sounds)

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
        said = self._emoji.get(text.text[place])
        return None if said is None else {self._sound(item[-1 if last else 0]) for item in said}


def _signs_in_words(leet: Iterable[str]) -> re.Pattern[str]:
    """Signs before a letter; group 1 is not None for those that may begin a word."""
    signs = "".join(re.escape(sign) for sign in leet if not sign.isalnum())
    return re.compile(f"[{signs}](?=[a-z])(?:(?<=([@$]))(?=[a-z]{{2}}))?")
