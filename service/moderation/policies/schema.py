"""What a policy file may say."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from nlp.evasion.technique import Technique
from nlp.lexicon.categories import CATEGORIES
from nlp.patterns.ids import PATTERN_IDS
from service.moderation.policies.model import Indicator


def _category(value: str) -> str:
    if value not in CATEGORIES:
        raise ValueError(
            f"{value!r} is no lexicon category; known: {', '.join(sorted(CATEGORIES))}"
        )
    return value


def _pattern(value: str) -> str:
    if value not in PATTERN_IDS:
        raise ValueError(f"{value!r} is no pattern; known: {', '.join(sorted(PATTERN_IDS))}")
    return value


def _label(value: str) -> str:
    if value not in CATEGORIES and value not in PATTERN_IDS:
        raise ValueError(f"{value!r} is neither a lexicon category nor a pattern")
    return value


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Category = Annotated[str, AfterValidator(_category)]
PatternId = Annotated[str, AfterValidator(_pattern)]
Label = Annotated[str, AfterValidator(_label)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Severity = Annotated[int, Field(ge=1, le=5)]
Never = Literal["never"]
Probability = Annotated[float, Field(ge=0, le=1)]


class Content(BaseModel):
    """Base of all: nothing unknown is let through."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ThresholdSpec(Content):
    review: Severity | Never
    block: Severity | Never

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.block == "never":
            return self
        if self.review == "never" or self.review > self.block:
            raise ValueError("review may not begin above block; give review <= block")
        return self


class PatternSpec(Content):
    suggestion: Literal["pass", "review", "block"]
    severity: Severity


class AbuseSpec(Content):
    weak: Probability
    review: Probability
    block: Probability | Never
    medium: Probability

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.weak > self.review:
            raise ValueError("weak may not be above review")
        if self.block != "never" and self.block < self.review:
            raise ValueError("block may not be below review")
        return self


class ModelSpec(Content):
    weak: Probability
    review: Probability
    block: Probability | Never
    together: Probability | Never
    review_only: tuple[Label, ...]
    labels: dict[Label, Probability]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        reviews = (self.review, *self.labels.values())
        if self.weak > min(reviews):
            raise ValueError("weak may not be above review, nor above any of labels")
        for name in ("block", "together"):
            value = getattr(self, name)
            if value != "never" and value < max(reviews):
                raise ValueError(f"{name} may not be below review, nor below any of labels")
        return self


class DegradedSpec(Content):
    suggestion: Literal["pass", "review", "block"]
    because: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = ""

    @model_validator(mode="after")
    def _said_in_words(self) -> Self:
        if self.suggestion == "pass" and len(self.because) < 10:
            raise ValueError("to let texts pass unread, say why in `because` (a sentence)")
        return self


class HoldSpec(Content):
    patterns: tuple[PatternId, ...]
    categories: tuple[Category, ...]
    all_medical_and_finance: bool
    reposts: bool
    along: dict[PatternId, tuple[Category, ...]]


class AtRiskSpec(Content):
    patterns: tuple[PatternId, ...]
    categories: dict[Category, Severity]
    model: Probability | Never


class FamilySpec(Content):
    categories: tuple[Category, ...] = ()
    patterns: tuple[PatternId, ...] = ()
    cues: tuple[Word, ...] = ()


class SuspicionSpec(Content):
    disguised: tuple[Technique, ...]
    several: Annotated[int, Field(ge=2, le=10)] | Never
    family: Name
    cues: tuple[Word, ...]


class ContextSpec(Content):
    parent: bool
    longest_piece: Annotated[int, Field(ge=0, le=40)]


class WeightSpec(Content):
    weight: Annotated[float, Field(ge=-1, le=1)]
    full: Annotated[float, Field(gt=0, le=10_000)]


class AccountSpec(Content):
    review_from: Annotated[float, Field(gt=0, le=1)]
    burst: Annotated[int, Field(ge=2, le=1_000)]
    burst_s: Annotated[int, Field(ge=1, le=86_400)]
    indicators: dict[Indicator, WeightSpec]

    @model_validator(mode="after")
    def _signs(self) -> Self:
        for indicator, spec in self.indicators.items():
            if (spec.weight > 0) if indicator is Indicator.APPEAL_WON else (spec.weight < 0):
                raise ValueError(
                    f"{indicator.value}: only appeal_won speaks for an author (weight <= 0), the "
                    "others speak against (weight >= 0)"
                )
        return self


class AdvertisementSpec(Content):
    markers: Annotated[tuple[Word, ...], Field(min_length=1)]
    inducements: dict[Name, tuple[Word, ...]]
    proof_for: tuple[Category, ...]
    efficacy: tuple[Word, ...]


class QueueSpec(Content):
    reviews: bool
    blocks: bool


class PolicyFile(Content):
    """One policy, whole: a file that leaves something out was completed from the default."""

    name: Name
    categories: dict[Category, ThresholdSpec]
    patterns: dict[PatternId, PatternSpec]
    abuse: AbuseSpec
    model: ModelSpec
    degraded: DegradedSpec
    holds: HoldSpec
    at_risk: AtRiskSpec
    families: dict[Name, FamilySpec]
    suspicion: SuspicionSpec
    context: ContextSpec
    accounts: AccountSpec
    advertisement: AdvertisementSpec
    queue: QueueSpec

    @model_validator(mode="after")
    def _known_family(self) -> Self:
        if self.suspicion.family not in self.families:
            known = ", ".join(sorted(self.families))
            raise ValueError(f"suspicion.family: {self.suspicion.family!r}; families are {known}")
        return self
