"""Finds terms in texts whatever hides them, with the places in code points of the text given."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from nlp.evasion.alphabet import BREAK, EXPANDING, Alphabet, alphabet
from nlp.evasion.gate import judge, may_disguise
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
from nlp.evasion.tracing import Trace, trace


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


_RULES = "finder-1"
# Coincidences of sound whose verdict is kept.
_REMEMBERED = 65_536
# Wei Xin: how names are spelled.
_NAME = re.compile("[A-Z][a-z]+(?: [A-Z][a-z]+)+")
_Candidate = tuple[Pattern, int]
"""A pattern and where it may start; -1 for nowhere."""


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
        self._alphabet: Alphabet = base.keeping(kept) if kept else base
        found = patterns(terms, self._alphabet, self._tables)
        sounds = heard(found, self._alphabet, self._tables)
        self._signs = Signs(found, self._alphabet, self._tables, sounds)
        self._looks = by_skeleton(found, self._alphabet, parts=self._signs.parts)
        self._sounds = by_sound(found, self._alphabet, sounds)
        # The same few words make most coincidences; the cache is safe to share between threads.
        self._may_be = lru_cache(maxsize=_REMEMBERED)(self._disguised)

    def find(self, texts: Sequence[str]) -> dict[int, list[Occurrence]]:
        """The occurrences in each text that has any, by its number; in no special order."""
        offsets = [0, *accumulate(len(text) + 1 for text in texts)]
        base = Scan(chr(BREAK).join(texts), self._alphabet)
        if EXPANDING in base.kinds:
            return self._find_expanded(texts, base, offsets)
        found: dict[int, _Found] = defaultdict(_Found)
        looks = base.skeleton()
        candidates, parts = self._look(looks)
        candidates += self._listen(base.sound())
        if not candidates and not parts and not self._signs.may_be_in(base):
            return {}
        for item in self._judged(candidates, base, rewritten={}):
            text = bisect_right(offsets, item.start) - 1
            by = offsets[text]
            found[text].add(item.at(item.start - by, item.end - by))
        rewrites: dict[int, list[Rewrite]] = defaultdict(list)
        for rewrite in self._signs.find(base, looks, parts):
            text = bisect_right(offsets, rewrite.start) - 1
            rewrites[text].append(rewrite.moved(-offsets[text]))
        for text, wanted in rewrites.items():
            for reading in readings(texts[text], wanted):
                for item in self._reread(reading):
                    found[text].add(item)
        return {text: items.occurrences for text, items in found.items()}

    def _find_expanded(
        self, texts: Sequence[str], base: Scan, offsets: Sequence[int]
    ) -> dict[int, list[Occurrence]]:
        """As `find`, with ligatures and the like written out first."""
        places = (base.kind == EXPANDING).nonzero()[0].tolist()
        inside: dict[int, list[int]] = defaultdict(list)
        for place in places:
            text = bisect_right(offsets, place) - 1
            inside[text].append(place - offsets[text])
        written = {text: written_out(texts[text], inside[text]) for text in inside}
        found = self.find(
            [written[place].text if place in written else text for place, text in enumerate(texts)]
        )
        for text, reading in written.items():
            for i, item in enumerate(found.get(text, ())):
                start, end = reading.starts[item.start], reading.ends[item.end - 1]
                found[text][i] = item.at(start, end)
        return found

    def _reread(self, reading: Reading) -> Iterator[Occurrence]:
        """What only the reading shows, at its places in the text it was made from."""
        text = Scan(reading.text, self._alphabet)
        found = self._look(text.skeleton())[0]
        sounds = text.sound()
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
        letters, may_be = key.letters, self._may_be
        return [
            (pattern, key.start(first, repeated))
            for group, first, last in places
            for pattern, repeated in may_be(group, letters[first:last])
        ]

    def _heard(self, group: int, written: str, *, meant: bool) -> tuple[tuple[Pattern, int], ...]:
        """As `_disguised`, unless the reading is `meant`: emoji and syllables are no slips."""
        if meant:
            return self._sounds.groups[group]
        return self._may_be(group, written)

    def _disguised(self, group: int, written: str) -> tuple[tuple[Pattern, int], ...]:
        """The patterns of a group by sound that these characters may be a disguise of."""
        return tuple(
            item for item in self._sounds.groups[group] if may_disguise(written, item[0].letters)
        )

    def _judged(
        self, candidates: list[_Candidate], text: Scan, *, rewritten: Mapping[int, Technique]
    ) -> Iterator[Occurrence]:
        if not candidates:
            return
        plain = text.plain
        for pattern, start in candidates:
            if start < 0:
                continue
            if not pattern.breaks and plain.startswith(pattern.letters, start):
                found: Trace | None = Trace(start, start + len(pattern.letters))
            else:
                found = trace(pattern, text, start, tables=self._tables)
            verdict = found and judge(pattern, found, text, rewritten=rewritten.keys())
            if found and verdict:
                yield Occurrence(
                    pattern.term, found.start, found.end, verdict.technique, verdict.ordinary
                )


def _is_hidden(reading: Reading, item: Occurrence, written: str) -> bool:
    """Whether the reading's item is more than a picture, a name, or the half of a doubled word."""
    start, end = reading.starts[item.start], reading.ends[item.end - 1]
    if end - start == 1 or _NAME.fullmatch(reading.original, start, end):
        return False
    before = item.start - 1
    doubled = before >= 0 and written[before] == written[item.start]
    return not (doubled and reading.starts[before] == start)


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
