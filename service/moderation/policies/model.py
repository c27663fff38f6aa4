"""A policy as the code reads it: thresholds by category and pattern, holds, context, accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.moderation.suggestion import Suggestion

NEVER = 6
"""A severity that no entry has: the threshold that is never reached."""


class Indicator(StrEnum):
    """What an author has done, as counters that fade. The last one speaks for the author."""

    VERDICT_AGAINST = "verdict_against"
    MACHINE_BLOCK = "machine_block"
    COPY = "copy"
    DIVERSION = "diversion"
    BURST = "burst"
    APPEAL_WON = "appeal_won"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Least severities, 1 to 5, that ask for review and for block; NEVER for not at all."""

    review: int
    block: int

    def suggestion(self, severity: int) -> Suggestion:
        """What a counted hit of this severity asks for."""
        if severity >= self.block:
            return Suggestion.BLOCK
        return Suggestion.REVIEW if severity >= self.review else Suggestion.PASS


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRule:
    """What a counted pattern asks for, and how bad it is, 1 to 5."""

    suggestion: Suggestion
    severity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AbuseRule:
    """Probabilities from which the abuse head speaks; None for never.

    Below `review` and from `weak` on it is a trace: too little alone.
    """

    weak: float
    review: float
    block: float | None
    medium: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRule:
    """Probabilities from which the moderation head speaks of a label; None for never.

    `labels` has what takes the place of `review` for a label. From `together` on it blocks where
    words of the same label stand in the text. Labels of `review_only` it never blocks. From `weak`
    to `review` it is a trace: too little alone.
    """

    weak: float
    review: float
    block: float | None
    together: float | None
    review_only: frozenset[str]
    labels: Mapping[str, float]

    def review_from(self, label: str) -> float:
        """The least probability that asks for review."""
        return self.labels.get(label, self.review)

    def suggestion(self, label: str, score: float, *, words: bool) -> Suggestion:
        """What `score` asks for; `words` says that others found the label too."""
        if score < self.review_from(label):
            return Suggestion.PASS
        least = [self.block, self.together if words else None]
        enough = any(bound is not None and score >= bound for bound in least)
        blocks = enough and label not in self.review_only
        return Suggestion.BLOCK if blocks else Suggestion.REVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Categories and patterns that are about the same thing, and words that hint at it."""

    name: str
    categories: frozenset[str]
    patterns: frozenset[str]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRules:
    """What is blocked until a person has decided; `reposts` extends it to what quotes it.

    `along` are the categories whose hits are part of the same claim, by held label: they do not
    block outright what is to be decided by a person.
    """

    patterns: frozenset[str]
    categories: frozenset[str]
    reposts: bool
    along: Mapping[str, frozenset[str]]

    def covers(self, labels: Collection[str]) -> bool:
        """Whether this policy holds any of the labels."""
        return any(label in self.patterns or label in self.categories for label in labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspicionRules:
    """When a hit that lacks the words around it asks for review all the same.

    `disguised`: where the term was disguised in one of these ways. In categories of `family` also
    beside one of `cues` (in normal form), or where `several` of such terms stand in the text; None
    for never.
    """

    disguised: frozenset[str]
    several: int | None
    family: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextRules:
    """Whether the parent is looked at, and how short a message of a split word must be.

    `longest_piece` in code points; 0 leaves the session aside.
    """

    parent: bool
    longest_piece: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How much an indicator weighs, and the decayed count at which it weighs all of that."""

    weight: float
    full: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRules:
    """`review_from` in [0, 1]; `burst` texts of an author within `burst_s` seconds are a burst."""

    review_from: float
    burst: int
    burst_s: int
    weights: Mapping[Indicator, Weight]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvertisementRules:
    """Words that mark an advertisement, and by label those that lure."""

    markers: tuple[str, ...]
    inducements: Mapping[str, tuple[str, ...]]
    proof_for: frozenset[str]
    efficacy: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRiskRules:
    """What speaks of self-harm: patterns, lexicon hits of a category from a severity on, and the
    moderation head from a probability on (None for never)."""

    patterns: frozenset[str]
    categories: Mapping[str, int]
    model: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything that a caller's choice of `policy` decides. `version` is `name@hash`."""

    name: str
    version: str
    categories: Mapping[str, Thresholds]
    patterns: Mapping[str, PatternRule]
    abuse: AbuseRule
    model: ModelRule
    degraded: Suggestion
    holds: HoldRules
    at_risk: AtRiskRules
    families: tuple[Family, ...]
    suspicion: SuspicionRules
    context: ContextRules
    accounts: AccountRules
    advertisement: AdvertisementRules
    file_reviews: bool
    file_blocks: bool

    def families_of(self, label: str) -> frozenset[str]:
        """Names of the families that a category or pattern belongs to."""
        return frozenset(
            family.name
            for family in self.families
            if label in family.categories or label in family.patterns
        )
