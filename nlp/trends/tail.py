"""How rare a surprise is on its own series.

The count model gives a surprise in nats, which a well-modelled series makes exponential: P(g > x) =
exp(-x). Real series have heavier tails, so peaks over a threshold are followed (Pickands 1975; on
streams: Siffer et al. 2017):

    P(g > x) = rate (1 + shape (x - START) / scale) ** (-1 / shape)    for x > START

`rate` counts runs of high buckets, not buckets, and of a run only its highest excess is kept: one
burst is one event. Shape and scale come from two quantiles of the excesses, so that the few real
bursts among them cannot stretch the tail that later bursts are measured by. Pseudo-events of the
exponential tail stand in for history, and are forgotten as events come.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

START = 3.5
"""Surprise from which a bucket belongs to the tail, nats."""

PRIOR_RATE = 0.04
PRIOR_BUCKETS = 150.0
PRIOR_EVENTS = 80.0
BUCKETS_REMEMBERED = 8_000.0
EVENTS_REMEMBERED = 200.0

MOST_SHAPE = 0.35
RUN_ENDS_AFTER = 4
"""So many buckets below START in a row end a run."""

_MIDDLE, _HIGH = 0.5, 0.9
_LEAST_EXCESS = 0.05
_GROWTH = 1.35
_BINS = 32
"""Excesses are counted in bins that grow by a third: 0.05 nats to 550."""

_LOG_GROWTH = math.log(_GROWTH)
_EXPONENTIAL_RATIO = math.log(1 - _HIGH) / math.log(1 - _MIDDLE)
_STRAIGHT = 1e-6
"""A shape below this is the exponential distribution."""


def _prior() -> list[float]:
    edges = [0.0, *(_LEAST_EXCESS * _GROWTH**place for place in range(_BINS - 1)), math.inf]
    return [PRIOR_EVENTS * (math.exp(-low) - math.exp(-high)) for low, high in pairwise(edges)]


@dataclass(slots=True)
class Tail:
    """The tail of one series' surprises in one direction. Mutable; constant size."""

    buckets: float = PRIOR_BUCKETS
    runs: float = PRIOR_BUCKETS * PRIOR_RATE
    bins: list[float] = field(default_factory=_prior)
    shape: float = 0.0
    scale: float = 1.0
    highest: float = 0.0
    quiet: int = RUN_ENDS_AFTER

    def rarity(self, surprise: float) -> float:
        """-ln of the chance that one bucket begins so surprising an event, nats."""
        start = math.log(self.buckets / self.runs)
        if surprise <= START:
            return surprise * min(1.0, start / START)
        excess = (surprise - START) / self.scale
        if self.shape < _STRAIGHT:
            return start + excess
        return start + math.log1p(self.shape * excess) / self.shape

    def learn(self, surprise: float) -> None:
        """Count one bucket; a run counts once it is over, so it never softens its own score."""
        if self.buckets >= BUCKETS_REMEMBERED:
            kept = 1.0 - 1.0 / BUCKETS_REMEMBERED
            self.buckets *= kept
            self.runs *= kept
        self.buckets += 1.0
        if surprise > START:
            if self.quiet >= RUN_ENDS_AFTER:
                self.runs += 1.0
                self.highest = 0.0
            self.quiet = 0
            self.highest = max(self.highest, surprise - START)
        elif self.quiet < RUN_ENDS_AFTER:
            self.quiet += 1
            if self.quiet == RUN_ENDS_AFTER:
                self._count(self.highest)

    def _count(self, excess: float) -> None:
        place = 0
        if excess > _LEAST_EXCESS:
            place = min(_BINS - 1, 1 + int(math.log(excess / _LEAST_EXCESS) / _LOG_GROWTH))
        if sum(self.bins) >= EVENTS_REMEMBERED:
            kept = 1.0 - 1.0 / EVENTS_REMEMBERED
            self.bins = [weight * kept for weight in self.bins]
        self.bins[place] += 1.0
        middle, high = self._quantile(_MIDDLE), self._quantile(_HIGH)
        self.shape = _shape_of(high / middle)
        self.scale = high / _quantile_of_pareto(_HIGH, self.shape)

    def _quantile(self, share: float) -> float:
        """The excess that `share` of the events do not reach, linear inside a bin."""
        wanted = share * sum(self.bins)
        low = 0.0
        for place, weight in enumerate(self.bins):
            high = _LEAST_EXCESS * _GROWTH**place
            if weight >= wanted:
                return low + (high - low) * wanted / weight
            wanted -= weight
            low = high
        return low


def _shape_of(ratio: float) -> float:
    """The shape in [0, MOST_SHAPE] whose two quantiles stand in this ratio, by bisection."""
    if ratio <= _EXPONENTIAL_RATIO:
        return 0.0
    low, high = 0.0, MOST_SHAPE
    for _ in range(20):
        shape = (low + high) / 2
        found = _quantile_of_pareto(_HIGH, shape) / _quantile_of_pareto(_MIDDLE, shape)
        low, high = (shape, high) if found < ratio else (low, shape)
    return (low + high) / 2


def _quantile_of_pareto(share: float, shape: float) -> float:
    """The quantile of the generalised Pareto distribution of scale 1."""
    if shape < _STRAIGHT:
        return -math.log(1 - share)
    return math.expm1(-shape * math.log(1 - share)) / shape
