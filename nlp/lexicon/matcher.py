"""A lexicon at work: which entries stand in a text, and why some of them do not count."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources.abc import Traversable
from typing import TypedDict

from nlp.analysis import Hit
from nlp.data_files import data_file
from nlp.lexicon.automaton import Automaton
from nlp.lexicon.categories import NEGATABLE
from nlp.lexicon.entry import ContextKind, ContextRule, Entry, Variants
from nlp.lexicon.negation import Negation, load_negation
from nlp.lexicon.table import load_tables
from nlp.text.boundary import stands_alone
from nlp.text.evasion import evasion
from nlp.text.normalizer import NormalText


class CategoryStats(TypedDict):
    """Counts of one category; the keys of `severity` are "1" to "5"."""

    entries: int
    severity: dict[str, int]


class LexiconStats(TypedDict):
    """The object of `fengsui lexicon stats --json`; `active` counts the entries that can hit."""

    version: str
    active: int
    categories: dict[str, CategoryStats]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An entry with its allow-list as (word, offset of the term inside it), longest word first."""

    entry: Entry
    allow: tuple[tuple[str, int], ...]


class Lexicon:
    """Immutable set of entries with the automaton over their normal forms."""

    def __init__(self, entries: Iterable[Entry], *, negation: Negation | None = None) -> None:
        self.entries = tuple(entries)
        self._negation = negation or load_negation()
        groups: dict[str, list[_Prepared]] = {}
        for entry in self.entries:
            groups.setdefault(entry.normal, []).append(_Prepared(entry, _places(entry)))
        self._groups = tuple(groups.values())
        self._automaton = Automaton(groups)
        digest = hashlib.sha256(repr(self.entries).encode("utf-8", "surrogatepass"))
        self.version = f"lexicon-{digest.hexdigest()[:12]}"

    @classmethod
    def load(cls, folder: Traversable) -> Lexicon:
        """The lexicon of every *.tsv in the folder. Raises BadTable with all mistakes."""
        return cls(load_tables(folder))

    def match(self, normal: NormalText) -> tuple[Hit, ...]:
        """Every entry found, by place; spans in code points of the original.

        `suppressed_by` is `boundary`, `allow:<word>`, `context:<rule>`, `negation:<word>`, or
        `covered:<entry id>` for a term inside a longer counted one of the same category.
        """
        found: list[tuple[int, int, Hit]] = []
        for group, start, end in self._automaton.find(normal.text):
            for prepared in self._groups[group]:
                hit = self._hit(normal, prepared, start, end)
                if hit is not None:
                    found.append((start, end, hit))
        if len(found) > 1:
            found.sort(key=lambda item: (item[0], -item[1]))
            return tuple(_uncovered(found))
        return tuple(hit for _, _, hit in found)

    def stats(self) -> LexiconStats:
        """Entries by category and severity."""
        categories: dict[str, CategoryStats] = {}
        for entry in sorted(self.entries, key=lambda item: item.category):
            stats = categories.setdefault(
                entry.category, {"entries": 0, "severity": dict.fromkeys("12345", 0)}
            )
            stats["entries"] += 1
            stats["severity"][str(entry.severity)] += 1
        return {"version": self.version, "active": len(self.entries), "categories": categories}

    def _hit(self, normal: NormalText, prepared: _Prepared, start: int, end: int) -> Hit | None:
        entry = prepared.entry
        first, last = normal.original_span(start, end)
        surface = normal.original[first:last]
        if entry.variants is Variants.EXACT and surface != entry.term:
            return None
        return Hit(
            entry_id=entry.id,
            term=entry.term,
            category=entry.category,
            severity=entry.severity,
            scenario=entry.scenario,
            start=first,
            end=last,
            surface=surface,
            evasion=evasion(surface, term=entry.term),
            suppressed_by=self._suppression(normal.text, prepared, start, end),
        )

    def _suppression(self, text: str, prepared: _Prepared, start: int, end: int) -> str | None:
        """The first reason why the hit does not count, or None."""
        entry = prepared.entry
        if not stands_alone(text, start, end):
            return "boundary"
        for word, offset in prepared.allow:
            if start >= offset and text.startswith(word, start - offset):
                return f"allow:{word}"
        for rule in entry.requires_any:
            if not _stands_near(text, rule, start, end):
                return f"context:{rule}"
        for rule in entry.requires_not:
            if _stands_near(text, rule, start, end):
                return f"context:{rule}"
        if entry.category in NEGATABLE and (denial := self._negation.before(text, start)):
            return f"negation:{denial}"
        return None


@cache
def load_lexicon() -> Lexicon:
    """The lexicon that ships in nlp/data/lexicon."""
    return Lexicon.load(data_file("lexicon"))


def _places(entry: Entry) -> tuple[tuple[str, int], ...]:
    """Where the term stands inside each of its allowed words."""
    return tuple(
        (word, offset)
        for word in sorted(entry.allow, key=len, reverse=True)
        for offset in range(len(word) - len(entry.normal) + 1)
        if word.startswith(entry.normal, offset)
    )


def _stands_near(text: str, rule: ContextRule, start: int, end: int) -> bool:
    """Whether a word of the rule stands wholly within its distance, beside the hit."""
    before = max(0, start - rule.distance)
    if any(text.find(word, before, start) >= 0 for word in rule.words):
        return True
    if rule.kind is ContextKind.BEFORE_NOT:
        return False
    return any(text.find(word, end, end + rule.distance) >= 0 for word in rule.words)


def _uncovered(found: Iterable[tuple[int, int, Hit]]) -> Iterable[Hit]:
    """The hits, by start then longest, with the shorter of nested ones of a category marked."""
    longest: dict[str, tuple[int, str]] = {}
    for _, end, hit in found:
        if hit.suppressed_by is None:
            reach, entry_id = longest.get(hit.category, (0, ""))
            if end <= reach:
                yield replace(hit, suppressed_by=f"covered:{entry_id}")
                continue
            longest[hit.category] = (end, hit.entry_id)
        yield hit
