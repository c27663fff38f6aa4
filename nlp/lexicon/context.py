"""Why a term that stands in a text may not count there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from nlp.lexicon.categories import NEGATABLE
from nlp.lexicon.entry import ContextKind, ContextRule, Entry
from nlp.lexicon.negation import Negation
from nlp.text.boundary import stands_alone
from nlp.text.normalizer import NormalText


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry with its allow-list as (word, offset of the term inside it), longest word first."""

    entry: Entry
    allow: tuple[tuple[str, int], ...]

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
        )

    def suppression(self, text: str, start: int, end: int, *, negation: Negation) -> str | None:
        """The first reason why the term at text[start:end] of a normal form does not count."""
        entry = self.entry
        if not stands_alone(text, start, end):
            return "boundary"
        for word, offset in self.allow:
            if start >= offset and text.startswith(word, start - offset):
                return f"allow:{word}"
        for rule in entry.requires_any:
            if not _stands_near(text, rule, start, end):
                return f"context:{rule}"
        for rule in entry.requires_not:
            if _stands_near(text, rule, start, end):
                return f"context:{rule}"
        if entry.category in NEGATABLE and (denial := negation.before(text, start)):
            return f"negation:{denial}"
        return None


def normal_span(normal: NormalText, first: int, last: int) -> tuple[int, int]:
    """The span of the normal form that original[first:last] became, at least one character."""
    if normal.starts is None or normal.ends is None:
        return first, last
    start = min(bisect_right(normal.ends, first), len(normal.text) - 1)
    return start, max(bisect_left(normal.starts, last), start + 1)


def _stands_near(text: str, rule: ContextRule, start: int, end: int) -> bool:
    """Whether a word of the rule stands wholly within its distance, beside the hit."""
    before = max(0, start - rule.distance)
    if any(text.find(word, before, start) >= 0 for word in rule.words):
        return True
    if rule.kind is ContextKind.BEFORE_NOT:
        return False
    return any(text.find(word, end, end + rule.distance) >= 0 for word in rule.words)
