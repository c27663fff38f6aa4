"""How much one incident is like another: a sum of parts, each of them shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.incidents.model import UNCLASSIFIED


class Part(StrEnum):
    """What is compared."""

    SCENARIO = "scenario"
    CAUSES = "causes"
    TERMS = "terms"
    BRAND = "brand"
    TIER = "tier"


WEIGHTS: Mapping[Part, float] = {
    Part.SCENARIO: 0.30,
    Part.TERMS: 0.25,
    Part.CAUSES: 0.20,
    Part.BRAND: 0.15,
    Part.TIER: 0.10,
}
"""They sum to one: what was complained of counts for more than whose it was and how grave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is compared of an incident. `brand` is its monitor where that has no brand."""

    incident_id: str
    scenario: str | None
    tier_rank: int
    brand: str
    terms: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """`parts` are from 0 to 1, None where one of the two has nothing to compare, which counts 0.

    `score` is the sum of the parts times `WEIGHTS`, from 0 to 1.
    """

    parts: Mapping[Part, float | None]
    shared_terms: tuple[str, ...]
    shared_causes: tuple[str, ...]

    @property
    def score(self) -> float:
        return sum(WEIGHTS[part] * (value or 0.0) for part, value in self.parts.items())


def likeness(one: Traits, other: Traits, *, ranks: int) -> Likeness:
    """Compare two; `ranks` is how many tiers there are. Symmetric, and 1.0 with itself at most.

    Terms and causes are compared by the Jaccard index: shared ones over all of both.
    """
    named = {None, UNCLASSIFIED}.isdisjoint((one.scenario, other.scenario))
    steps = max(ranks - 1, 1)
    return Likeness(
        parts={
            Part.SCENARIO: float(one.scenario == other.scenario) if named else None,
            Part.CAUSES: _jaccard(one.causes, other.causes),
            Part.TERMS: _jaccard(one.terms, other.terms),
            Part.BRAND: float(one.brand == other.brand),
            Part.TIER: max(0.0, 1.0 - abs(one.tier_rank - other.tier_rank) / steps),
        },
        shared_terms=tuple(sorted(one.terms & other.terms)),
        shared_causes=tuple(sorted(one.causes & other.causes)),
    )


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float | None:
    if not one or not other:
        return None
    return len(one & other) / len(one | other)
