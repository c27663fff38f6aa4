"""A lexicon in figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from nlp.lexicon.entry import Entry


class CategoryStats(TypedDict):
    """Counts of one category; the keys of `severity` are "1" to "5"."""

    entries: int
    severity: dict[str, int]


class LexiconStats(TypedDict):
    """The object of `fengsui lexicon stats --json`; `active` counts the entries that can hit."""

    version: str
    active: int
    categories: dict[str, CategoryStats]


def category_stats(entries: Iterable[Entry]) -> dict[str, CategoryStats]:
    """Entries by category, by name, and severity."""
    categories: dict[str, CategoryStats] = {}
    for entry in sorted(entries, key=lambda item: item.category):
        stats = categories.setdefault(
            entry.category, {"entries": 0, "severity": dict.fromkeys("12345", 0)}
        )
        stats["entries"] += 1
        stats["severity"][str(entry.severity)] += 1
    return categories
