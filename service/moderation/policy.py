"""The default policy: which findings move a suggestion, and how far. Pure.

Crisis categories, a complaint or personal data alone never hold a post back; whatever is missing
makes it at least `review`, so that nothing passes because a component was down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from nlp import Analysis, Hit
from nlp.lexicon import MODERATION

BLOCK_FROM = 4
"""Severity from which a moderation hit blocks; below it a person looks."""
_ABUSE_DECIDED_AT = 0.5
_LEVELS = ((5, "high"), (4, "high"), (3, "medium"), (1, "low"))


class Suggestion(StrEnum):
    PASS = "pass"  # noqa: S105 - the word of the contract, no password
    REVIEW = "review"
    BLOCK = "block"


_ORDER = (Suggestion.PASS, Suggestion.REVIEW, Suggestion.BLOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to do, how bad it is, and the labels that say why: (label, score, source)."""

    suggestion: Suggestion
    risk_level: str
    labels: tuple[tuple[str, float, str], ...]


def decide(analysis: Analysis, *, degraded: Sequence[str] = (), kind: str = "post") -> Verdict:
    """The verdict on one text under the default policy.

    `degraded` names what was asked for and is missing: the text was not fully looked at.
    """
    counted = [hit for hit in analysis.counted_hits if hit.category in MODERATION]
    asked = [_of_hit(hit) for hit in counted]
    if degraded:
        asked.append(Suggestion.REVIEW)
    if kind == "advertisement":
        # No advertisement passes without a legal verdict.
        asked.append(Suggestion.REVIEW)
    if analysis.abuse is not None and analysis.abuse >= _ABUSE_DECIDED_AT:
        asked.append(Suggestion.REVIEW)
    severity = max((hit.severity for hit in counted), default=0)
    level = next((name for least, name in _LEVELS if severity >= least), "none")
    return Verdict(
        suggestion=max(asked, key=_ORDER.index, default=Suggestion.PASS),
        risk_level=level,
        labels=_labels(counted, analysis.abuse),
    )


def _of_hit(hit: Hit) -> Suggestion:
    return Suggestion.BLOCK if hit.severity >= BLOCK_FROM else Suggestion.REVIEW


def _labels(hits: Sequence[Hit], abuse: float | None) -> tuple[tuple[str, float, str], ...]:
    worst: dict[str, int] = {}
    for hit in hits:
        worst[hit.category] = max(worst.get(hit.category, 0), hit.severity)
    labels = [(category, severity / 5, "lexicon") for category, severity in sorted(worst.items())]
    if abuse is not None and abuse >= _ABUSE_DECIDED_AT:
        labels.append(("abuse", abuse, "model"))
    return tuple(labels)
