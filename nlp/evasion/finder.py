"""Finds terms in texts whatever hides them, with the places in code points of the text given."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from nlp.evasion.alphabet import BREAK, EXPANDING, Alphabet, alphabet
from nlp.evasion.gate import judge, judge_literal, may_disguise
from nlp.evasion.patterns import (
    Pattern,
    by_skeleton,
    by_sound,
    heard,
    kept_symbols,
    patterns,
)
from nlp.evasion.rewriting import Reading, Rewrite, readings, written_out
from nlp.evasion.scan import Key, Scan
from nlp.evasion.signs import Signs
from nlp.evasion.tables import load_tables, tables_digest
from nlp.evasion.technique import Technique
from nlp.evasion.tracing import trace


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Term number `term` at text[start:end]; `ordinary` is the word that explains it away."""

    term: int
    start: int
    end: int
    technique: Technique | None
    ordinary: str | None

    def at(self, start: int, end: int) -> Occurrence:
        """The same at another place."""
        return Occurrence(self.term, start, end, self.technique, self.ordinary)


_BREAK = chr(BREAK)
_RULES = "finder-2"
# Coincidences of sound whose verdict is kept, for each group.
_REMEMBERED = 64
# Wei Xin: how names are spelled.
_NAME = re.compile("[A-Z][a-z]+(?: [A-Z][a-z]+)+")
_Candidate = tuple[Pattern, int]
"""A pattern and where it may start; -1 for nowhere."""
_Repeated = tuple[tuple[Pattern, int], ...]
"""A group of patterns, each with how often it says its first symbol."""


def finder_version() -> str:
    """Changes when the same terms may be found elsewhere: with the rules or with the tables."""
    return f"{_RULES}-{tables_digest()}"


class Finder:
    """Immutable once built; safe to call from any thread."""

    def __init__(self, terms: Sequence[tuple[str, bool]]) -> None:
        """`terms` are (normal form, whether disguises of it count)."""
        self._tables = load_tables()
        base = alphabet()
        kept = kept_symbols(terms, base)
        letters = base.keeping(kept) if kept else base
        found = patterns(terms, letters, self._tables)
        sounds = heard(found, letters, self._tables)
        self._signs = Signs(found, letters, self._tables, sounds)
        self._looks = by_skeleton(found, letters, parts=self._signs.parts)
        self._sounds = by_sound(found, letters, sounds)
        self._alphabet: Alphabet = letters.coded(self._looks.codes, self._sounds.codes)
        self._verdicts = _Verdicts(self._sounds.groups)

    def find(self, texts: Sequence[str]) -> dict[int, list[Occurrence]]:
        """The occurrences in each text that has any, by its number; in no special order."""
        base = Scan(_BREAK.join(texts), self._alphabet)
        if EXPANDING in base.kinds:
            return self._find_expanded(texts, base)
        return self._find(texts, base)

    def _find_expanded(self, texts: Sequence[str], base: Scan) -> dict[int, list[Occurrence]]:
        """As `find`, for the texts with ligatures and the like in what they are written out to."""
        offsets = _offsets(texts)
        inside: dict[int, list[int]] = defaultdict(list)
        for place in base.places_of(EXPANDING):
            text = bisect_right(offsets, place) - 1
            inside[text].append(place - offsets[text])
        found = self._find(texts, base) if len(inside) < len(texts) else {}
        written = [written_out(texts[text], inside[text]) for text in inside]
        again = self.find([reading.text for reading in written])
        for number, (text, reading) in enumerate(zip(inside, written, strict=True)):
            found[text] = [
                item.at(reading.starts[item.start], reading.ends[item.end - 1])
                for item in again.get(number, ())
            ]
        return {text: items for text, items in found.items() if items}

    def _find(self, texts: Sequence[str], base: Scan) -> dict[int, list[Occurrence]]:
        looks, sounds = base.look_and_sound()
        candidates, parts = self._look(looks)
        candidates += self._listen(sounds)
        if not candidates and not parts and not self._signs.may_be_in(base):
            return {}
        offsets = _offsets(texts)
        found: dict[int, _Found] = defaultdict(_Found)
        for item in self._judged(candidates, base, rewritten={}):
            text = bisect_right(offsets, item.start) - 1
            by = offsets[text]
            found[text].add(item.at(item.start - by, item.end - by) if by else item)
        rewrites: dict[int, list[Rewrite]] = defaultdict(list)
        for rewrite in self._signs.find(base, looks, parts):
            text = bisect_right(offsets, rewrite.start) - 1
            rewrites[text].append(rewrite.moved(-offsets[text]))
        for text, wanted in rewrites.items():
            for reading in readings(texts[text], wanted):
                for item in self._reread(reading):
                    found[text].add(item)
        return {text: items.occurrences for text, items in found.items()}

    def _reread(self, reading: Reading) -> Iterator[Occurrence]:
        """What only the reading shows, at its places in the text it was made from."""
        text = Scan(reading.text, self._alphabet)
        looks, sounds = text.look_and_sound()
        found = self._look(looks)[0]
        # Parts that are characters too may come together by chance: 那么多人也要.
        meant = any(undone is not Technique.SPLIT for undone in reading.rewritten.values())
        found += [
            (pattern, sounds.start(first, repeated))
            for group, first, last in self._sounds.find(sounds.symbols)
            for pattern, repeated in self._heard(group, sounds.letters[first:last], meant=meant)
        ]
        for item in self._judged(found, text, rewritten=reading.rewritten):
            places = range(item.start, item.end)
            undone = [reading.rewritten[place] for place in places if place in reading.rewritten]
            start, end = reading.starts[item.start], reading.ends[item.end - 1]
            if undone and _is_hidden(reading, item, text.text):
                yield Occurrence(item.term, start, end, undone[0], item.ordinary)

    def _look(self, key: Key) -> tuple[list[_Candidate], list[tuple[int, int]]]:
        """Candidates by look, and the places in the key where the parts of a character stand."""
        found: list[_Candidate] = []
        parts: list[tuple[int, int]] = []
        groups = self._looks.groups
        for group, first, last in self._looks.find(key.symbols):
            if group >= len(groups):
                parts.append((first, last))
                continue
            found += [(pattern, key.start(first, repeated)) for pattern, repeated in groups[group]]
        return found, parts

    def _listen(self, key: Key) -> list[_Candidate]:
        """Candidates by sound, but for those that ordinary words make."""
        places = self._sounds.find(key.symbols)
        if not places:
            return []
        letters, verdicts = key.letters, self._verdicts
        return [
            (pattern, key.start(first, repeated))
            for group, first, last in places
            for pattern, repeated in verdicts[group][letters[first:last]]
        ]

    def _heard(self, group: int, written: str, *, meant: bool) -> _Repeated:
        """What may be disguised; the whole group where the reading is `meant`: emoji, syllables."""
        return self._sounds.groups[group] if meant else self._verdicts[group][written]

    def _judged(
        self, candidates: list[_Candidate], text: Scan, *, rewritten: Mapping[int, Technique]
    ) -> Iterator[Occurrence]:
        if not candidates:
            return
        plain = text.plain
        # What stands there as written both looks and sounds like the term.
        for pattern, start in dict.fromkeys(candidates):
            if start < 0:
                continue
            end = start + len(pattern.letters)
            if not pattern.breaks and plain.startswith(pattern.letters, start):
                verdict = judge_literal(pattern, start, text)
            elif (found := trace(pattern, text, start, tables=self._tables)) is not None:
                verdict = judge(pattern, found, text, rewritten=rewritten.keys())
                start, end = found.start, found.end
            else:
                continue
            if verdict is not None:
                yield Occurrence(pattern.term, start, end, verdict.technique, verdict.ordinary)


def _offsets(texts: Sequence[str]) -> list[int]:
    """Where each text starts among the joined ones, then where another would."""
    return [0, *accumulate([len(text) + 1 for text in texts])]


def _is_hidden(reading: Reading, item: Occurrence, written: str) -> bool:
    """Whether the reading's item is more than a picture, a name, or the half of a doubled word."""
    start, end = reading.starts[item.start], reading.ends[item.end - 1]
    if end - start == 1 or _NAME.fullmatch(reading.original, start, end):
        return False
    before = item.start - 1
    doubled = before >= 0 and written[before] == written[item.start]
    return not (doubled and reading.starts[before] == start)


class _Verdict(dict[str, _Repeated]):
    """By characters that sound like a group's, the patterns of it that they may be a disguise of.

    Safe to share between threads.
    """

    def __init__(self, group: _Repeated) -> None:
        super().__init__()
        self._group = group

    def __missing__(self, written: str) -> _Repeated:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[written] = found = tuple(
            item for item in self._group if may_disguise(written, item[0].letters)
        )
        return found


class _Verdicts(dict[int, _Verdict]):
    """The verdicts of each group that was heard so far.

    The same few words make most coincidences. A least recently used cache would cost more than it
    saves: each look changes a list that runs all over the memory.
    """

    def __init__(self, groups: Sequence[_Repeated]) -> None:
        super().__init__()
        self._groups = groups

    def __missing__(self, group: int) -> _Verdict:
        return self.setdefault(group, _Verdict(self._groups[group]))


class _Found:
    """The occurrences of one text, each term once at a place: the first to come is the plainest."""

    def __init__(self) -> None:
        self.occurrences: list[Occurrence] = []
        self._seen: set[Occurrence] = set()
        self._taken: dict[int, set[int]] = defaultdict(set)

    def add(self, item: Occurrence) -> None:
        if item in self._seen:
            return
        taken, places = self._taken[item.term], range(item.start, item.end)
        if not taken.isdisjoint(places):
            whole = item.technique is Technique.SPLIT and item.ordinary is None
            if not (whole and self._outdo(item)):
                return
        self._seen.add(item)
        self.occurrences.append(item)
        if item.ordinary is None:
            taken.update(places)

    def _outdo(self, item: Occurrence) -> bool:
        """Drops what is only a piece of the item: 水毒, which looks like 冰毒, in 冫水毒."""
        pieces = [
            other
            for other in self.occurrences
            if other.term == item.term
            and other.technique is not None
            and item.start <= other.start
            and other.end <= item.end
        ]
        for piece in pieces:
            self.occurrences.remove(piece)
        return bool(pieces)
