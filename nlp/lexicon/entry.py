"""One lexicon entry and the conditions under which it counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Variants(StrEnum):
    """`fold` compares normal forms; `exact` also wants the very characters of the term."""

    EXACT = "exact"
    FOLD = "fold"


class ContextKind(StrEnum):
    """Where the words of a rule must, or must not, stand relative to the hit."""

    ANY = "any"
    NOT = "not"
    BEFORE_NOT = "before_not"

    @property
    def default_distance(self) -> int:
        """Characters of normal form looked at when a rule gives none."""
        return 20 if self is ContextKind.ANY else 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextRule:
    """`kind(a|b)@distance`: words in normal form, distance in characters of normal form."""

    kind: ContextKind
    words: tuple[str, ...]
    distance: int

    def __str__(self) -> str:
        return f"{self.kind}({'|'.join(self.words)})@{self.distance}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a lexicon table.

    `normal` is the term's normal form; `allow` and the words of the rules are in normal form too.
    `hits` and `misses` are example sentences as written.
    """

    id: str
    term: str
    normal: str
    category: str
    severity: int
    scenario: str | None
    variants: Variants
    requires_any: tuple[ContextRule, ...]
    requires_not: tuple[ContextRule, ...]
    allow: tuple[str, ...]
    hits: tuple[str, ...]
    misses: tuple[str, ...]
    note: str


def told_apart(one: Entry, other: Entry) -> bool:
    """Whether two entries of one term in one category are two severities by context rule."""
    return one.severity != other.severity and (one.requires_any, one.requires_not) != (
        other.requires_any,
        other.requires_not,
    )
