"""Conditions on posts joined by and, or and not, for queries that a list of filters cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PartedField(StrEnum):
    """Fields that are read in parts, of which the first are enough: `zh` finds `zh-Hant`."""

    SOURCE = "source"
    CHANNEL = "channel"
    LANG = "lang"

    @property
    def separator(self) -> str:
        """What parts a value; a channel has no parts."""
        return {PartedField.SOURCE: ":", PartedField.LANG: "-"}.get(self, "")


@dataclass(frozen=True, slots=True)
class Says:
    """Every phrase of `text` stands in the post; a text without a phrase is in none."""

    text: str


@dataclass(frozen=True, slots=True)
class Begins:
    """The field is `value`, or begins with it and the separator; `value` is case folded."""

    field: PartedField
    value: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; without parts every post does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the parts holds at least; without parts no post does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition = Says | Begins | AllOf | AnyOf | Not

EVERY = AllOf(())
"""Holds for every post."""
NONE = AnyOf(())
"""Holds for no post."""
