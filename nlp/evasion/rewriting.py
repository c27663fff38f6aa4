"""Other readings of a text: parts joined, emoji and syllables read out, signs as letters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nlp.evasion.tables import load_tables
from nlp.evasion.technique import Technique
from nlp.text.characters import characters, fold

# Overlapping signs of disguise (木又寸 is 权寸 or 木对) want a reading each.
_MOST_READINGS = 3
_LONGEST_SYLLABLE = 6
# ng, hm: what is hummed is no part of a spelling.
_VOWELS = frozenset("aeiouv")
_LONGEST_SPELLING = 48


@dataclass(frozen=True, slots=True, order=True)
class Rewrite:
    """text[start:end] may stand for `reading`."""

    start: int
    end: int
    reading: str
    technique: Technique

    def moved(self, by: int) -> Rewrite:
        """The same, so many code points further on."""
        return Rewrite(self.start + by, self.end + by, self.reading, self.technique)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with rewrites made; character i of it came from original[starts[i]:ends[i]].

    `rewritten` says which technique was undone at a place of the reading.
    """

    text: str
    original: str
    starts: Sequence[int]
    ends: Sequence[int]
    rewritten: dict[int, Technique]


def readings(text: str, rewrites: Iterable[Rewrite]) -> list[Reading]:
    """The readings of a text that make every rewrite once, up to three of them."""
    found: list[Reading] = []
    every = sorted(set(rewrites))
    left = every
    while left and len(found) < _MOST_READINGS:
        chosen = _apart(left)
        made = set(chosen)
        left = [rewrite for rewrite in left if rewrite not in made]
        # The others are made again where they are not in the way.
        chosen += _apart(_beside(every, chosen))
        found.append(_rewritten(text, sorted(chosen)))
    return found


def _beside(rewrites: Iterable[Rewrite], chosen: Sequence[Rewrite]) -> Iterator[Rewrite]:
    """The rewrites that overlap with none of the chosen, which are in order."""
    starts = [other.start for other in chosen]
    for rewrite in rewrites:
        after = bisect_left(starts, rewrite.start)
        if (after == len(chosen) or rewrite.end <= starts[after]) and (
            after == 0 or chosen[after - 1].end <= rewrite.start
        ):
            yield rewrite


def _apart(rewrites: Iterable[Rewrite]) -> list[Rewrite]:
    """The first of the rewrites, in order, and each that starts after the one before it ends."""
    chosen: list[Rewrite] = []
    done = 0
    for rewrite in rewrites:
        if rewrite.start >= done:
            chosen.append(rewrite)
            done = rewrite.end
    return chosen


def written_out(text: str, places: Iterable[int]) -> Reading:
    """The text with the characters at those places, in order, folded into several."""
    simplified = characters().simplified
    return _rewritten(
        text,
        (
            Rewrite(place, place + 1, fold(text[place], simplified), Technique.LOOK_ALIKE)
            for place in places
        ),
    )


def _rewritten(text: str, rewrites: Iterable[Rewrite]) -> Reading:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    marks: dict[int, Technique] = {}
    done = 0
    for rewrite in rewrites:
        pieces.append(text[done : rewrite.start])
        starts.extend(range(done, rewrite.start))
        ends.extend(range(done + 1, rewrite.start + 1))
        pieces.append(rewrite.reading)
        for _ in rewrite.reading:
            marks[len(starts)] = rewrite.technique
            starts.append(rewrite.start)
            ends.append(rewrite.end)
        done = rewrite.end
    pieces.append(text[done:])
    starts.extend(range(done, len(text)))
    ends.extend(range(done + 1, len(text) + 1))
    return Reading("".join(pieces), text, starts, ends, marks)


def cuts(run: str, pairs: Container[str], symbols: Mapping[str, str]) -> tuple[str, ...]:
    """Ways of cutting a run of letters into syllables, none or one or two.

    The one with the most neighbours among `pairs` of symbols, and the one with the fewest
    syllables; in the private code points of `tables.SPELLED`, whose symbols `symbols` gives.
    """
    if len(run) > _LONGEST_SPELLING:
        return ()
    syllables = _syllables()
    # At each place, by last syllable: (neighbours, minus number of syllables, reading).
    best: list[dict[str, tuple[int, int, str]]] = [{"": (0, 0, "")}]
    for end in range(1, len(run) + 1):
        here: dict[str, tuple[int, int, str]] = {}
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            syllable = syllables.get(run[start:end])
            if syllable is None:
                continue
            for last, (neighbours, count, reading) in best[start].items():
                near = bool(last) and symbols[last] + symbols[syllable] in pairs
                option = (neighbours + near, count - 1, reading + syllable)
                if syllable not in here or option > here[syllable]:
                    here[syllable] = option
        best.append(here)
    found = best[-1].values()
    if not found:
        return ()
    fewest = max(found, key=lambda option: option[1])
    return tuple(dict.fromkeys((max(found)[2], fewest[2])))


@cache
def _syllables() -> dict[str, str]:
    return {
        sound: character
        for character, sound in load_tables().spelled.items()
        if sound in "ae" or (len(sound) > 1 and not _VOWELS.isdisjoint(sound))
    }
