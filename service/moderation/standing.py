"""How an author stands: a score out of named indicators with visible weights. Pure.

The score is the sum over indicators of `weight x min(1, count / full)`, cut to [0, 1]. Counts fade:
an event of `t` ago counts `2^(-t / 14 days)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.moderation.policies import AccountRules, Indicator

HALF_LIFE = timedelta(days=14)
"""Stored masses depend on it: it is no setting."""

_START = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`score` in [0, 1]; `indicators` say how far each is lit, in [0, 1], those at 0 left out."""

    score: float
    indicators: Mapping[str, float]


def standing(counts: Mapping[Indicator, float], *, rules: AccountRules) -> Standing:
    """The standing of an author with these decayed counts."""
    lit = {
        indicator: min(1.0, counts.get(indicator, 0.0) / weight.full)
        for indicator, weight in rules.weights.items()
        if counts.get(indicator, 0.0) > 0
    }
    total = sum(rules.weights[indicator].weight * value for indicator, value in lit.items())
    return Standing(
        score=min(1.0, max(0.0, total)),
        indicators={indicator.value: value for indicator, value in lit.items()},
    )


def mass_of(events: float, *, at: datetime) -> float:
    """What events at an instant add to a stored counter.

    Forward decay (Cormode, Shkapenyuk, Srivastava, Xu 2009): an event weighs more the later it is,
    `2^((at - start) / half-life)`, so that a counter is added to without reading it. A double
    holds this for 39 years of the half-life of 14 days.
    """
    return float(events * 2.0 ** ((at - _START) / HALF_LIFE))


def count_of(mass: float, *, now: datetime) -> float:
    """The decayed count of a stored mass: events of now count one each."""
    return float(mass * 2.0 ** (-((now - _START) / HALF_LIFE)))
