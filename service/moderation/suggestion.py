"""What the caller is told to do with a text."""

from __future__ import annotations

from enum import StrEnum


class Suggestion(StrEnum):
    PASS = "pass"  # noqa: S105 - the word of the contract, no password
    REVIEW = "review"
    BLOCK = "block"


_ORDER = (Suggestion.PASS, Suggestion.REVIEW, Suggestion.BLOCK)


def strictest(*suggestions: Suggestion) -> Suggestion:
    """The one that lets the least through; pass when there is none."""
    return max(suggestions, key=_ORDER.index, default=Suggestion.PASS)
