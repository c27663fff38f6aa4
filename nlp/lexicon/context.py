"""Why a term that stands in a text may not count there."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from nlp.evasion import Technique
from nlp.lexicon.background import load_background
from nlp.lexicon.categories import MODERATION, NEGATABLE
from nlp.lexicon.entry import ContextKind, ContextRule, Entry
from nlp.lexicon.negation import Negation
from nlp.text.boundary import stands_alone
from nlp.text.normalizer import NormalText

DELIBERATE = frozenset(
    (
        Technique.SPLIT,
        Technique.PINYIN,
        Technique.LEET,
        Technique.MARTIAN,
        Technique.INSERTED,
        Technique.VERTICAL,
        Technique.EMOJI,
    )
)
"""Disguises that nobody makes by mistake; a look-alike in Chinese may be a slip, in letters not."""
_RARE = 0.0002
# In no normal form, hence in no word of a rule.
_APART = "\n"
_PAUSE = re.compile("[，。！？；：、,!?;:]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry with its allow-list as (word, offset of the term inside it), longest word first."""

    entry: Entry
    allow: tuple[tuple[str, int], ...]
    wanted: tuple[tuple[ContextRule, str], ...]
    """Rules one of whose words must stand near, each with the reason given where none does."""
    unwanted: tuple[tuple[ContextRule, str], ...]
    telling: bool
    """Whether a deliberate disguise says as much as the words of a rule `any(…)`."""

    @classmethod
    def of(cls, entry: Entry) -> Prepared:
        """The entry with the places of its term inside each of its allowed words."""
        return cls(
            entry,
            tuple(
                (word, offset)
                for word in sorted(entry.allow, key=len, reverse=True)
                for offset in range(len(word) - len(entry.normal) + 1)
                if word.startswith(entry.normal, offset)
            ),
            tuple((rule, f"context:{rule}") for rule in entry.requires_any),
            tuple((rule, f"context:{rule}") for rule in entry.requires_not),
            bool(entry.requires_any)
            and entry.category in MODERATION
            and load_background().most(entry.normal) < _RARE,
        )

    def suppression(
        self,
        text: str,
        start: int,
        end: int,
        *,
        negation: Negation,
        technique: Technique | None = None,
        surface: str = "",
    ) -> str | None:
        """The first reason why the term at text[start:end] of a normal form does not count.

        Where a `technique` was undone in the `surface` the finder has looked at the boundaries.
        """
        entry = self.entry
        if not (technique or stands_alone(text, start, end)):
            return "boundary"
        for word, offset in self.allow:
            if start >= offset and text.startswith(word, start - offset):
                return f"allow:{word}"
        if not (self.telling and self._is_deliberate(technique, surface)):
            for rule, reason in self.wanted:
                if not _stands_near(text, rule, start, end):
                    return reason
        for rule, reason in self.unwanted:
            if _stands_near(text, rule, start, end):
                return reason
        if entry.category in NEGATABLE and (denial := negation.before(text, start)):
            return f"negation:{denial}"
        return None

    def _is_deliberate(self, technique: Technique | None, surface: str) -> bool:
        if surface == self.entry.term or _PAUSE.search(surface):
            return False
        if technique is Technique.LOOK_ALIKE:
            return self.entry.normal.isascii()
        return technique in DELIBERATE


def normal_span(normal: NormalText, first: int, last: int) -> tuple[int, int]:
    """The span of the normal form that original[first:last] became, at least one character."""
    if normal.starts is None or normal.ends is None:
        return first, last
    start = min(bisect_right(normal.ends, first), len(normal.text) - 1)
    return start, max(bisect_left(normal.starts, last), start + 1)


def _stands_near(text: str, rule: ContextRule, start: int, end: int) -> bool:
    """Whether a word of the rule stands wholly within its distance, beside the hit."""
    near = text[max(0, start - rule.distance) : start]
    if rule.kind is not ContextKind.BEFORE_NOT:
        near = f"{near}{_APART}{text[end : end + rule.distance]}"
    # Rules have up to a hundred words, and most hits fail one.
    return any(map(near.__contains__, rule.words))
