"""Follows a pattern through a text, character by character: what was put in, what was swapped."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from nlp.evasion.alphabet import INVISIBLE, LETTER, PAUSE
from nlp.evasion.patterns import Pattern
from nlp.evasion.scan import Scan
from nlp.evasion.tables import Tables

MOST_INSERTED = 3
"""Visible characters that may stand in one gap."""
_MOST_HIDDEN = 1_000
"""Invisible and repeated ones: enough for any disguise, and a bound on hostile texts."""


class Swap(StrEnum):
    """How a character of the text stands for another one of the term."""

    SOUND = "sound"
    SPELLED = "spelled"
    LOOK = "look"
    LEET = "leet"


@dataclass(frozen=True, slots=True)
class Gap:
    """Visible text[start:end] between characters `place - 1` and `place` of the pattern."""

    place: int
    start: int
    end: int


@dataclass(slots=True)
class Trace:
    """A pattern found at text[start:end]; `swaps` holds the place in the text of each swap."""

    start: int
    end: int
    gaps: list[Gap] = field(default_factory=list)
    swaps: dict[int, Swap] = field(default_factory=dict)
    repeated: bool = False

    def literal(self, pattern: Pattern) -> int:
        """How many characters of the pattern stand there as themselves."""
        return len(pattern.letters) - len(self.swaps)


def trace(pattern: Pattern, text: Scan, start: int, *, tables: Tables) -> Trace | None:
    """The pattern as it stands from `start` on, or None when it does not."""
    word, plain, kinds = pattern.letters, text.plain, text.kinds
    found = Trace(start, start)
    place, position = 0, start
    visible = hidden = 0
    while place < len(word):
        if position >= len(plain) or visible > MOST_INSERTED or hidden > _MOST_HIDDEN:
            return None
        character = plain[position]
        swap = None if character == word[place] else swapped(character, word[place], tables)
        if character == word[place] or swap is not None:
            if swap is not None:
                found.swaps[position] = swap
            if visible and place:
                found.gaps.append(Gap(place, found.end, position))
            place, position = place + 1, position + 1
            found.end = position
            visible = hidden = 0
            continue
        kind = kinds[position]
        if kind == INVISIBLE:
            hidden += 1
        elif place and character == plain[found.end - 1] and not character.isdigit():
            hidden += 1
            found.repeated = found.repeated or position > found.end or kind > PAUSE
            visible = min(visible, 1)
            if not visible:
                found.end = position + 1
        elif kind < LETTER:
            visible += 1
        else:
            return None
        position += 1
    return found


def swapped(character: str, wanted: str, tables: Tables) -> Swap | None:
    """How one plain character may stand for another, or None."""
    sounds = tables.readings.get(wanted)
    if sounds is not None:
        if character in tables.spelled:
            return Swap.SPELLED if tables.spelled[character] in sounds else None
        heard = tables.readings.get(character)
        if heard is not None and heard[0] in sounds:
            return Swap.SOUND
    if wanted in tables.similar.get(character, ""):
        return Swap.LOOK
    if wanted in tables.leet.get(character, "") or (
        wanted.isdigit() and character in tables.leet.get(wanted, "")
    ):
        return Swap.LEET
    return None
