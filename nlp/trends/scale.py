"""One time scale of a series: how unusual its last k buckets are together.

A spike shows best in one bucket, a slow rise only in the sum of many. Each scale has its own
dispersion, because neighbouring buckets are not independent, and its own tails, because a series of
lonely spikes may never hold a long rise. The dispersion d of variance = m + d m² is a ratio of
exponentially forgotten sums over squared residuals, cut off CUT standard deviations above the mean
so that a burst does not widen what it is judged by.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from nlp.trends.negative_binomial import surprise_above, surprise_below
from nlp.trends.tail import Tail

CUT = 3.0
REMEMBERED = 8_000
LEAST_DISPERSION = 1e-4

SOFT = 0.5
"""Added to the mean that a high count is held against: among nothing, a few posts are no burst."""

_KEPT = 1.0 - 1.0 / REMEMBERED


@dataclass(slots=True)
class Scale:
    """The last `buckets` buckets. Mutable; constant size."""

    buckets: int
    excess: float = 0.6
    weight: float = 2.0
    """Sums behind the dispersion, `excess / weight`; at first a guess worth two buckets."""
    above: Tail = field(default_factory=Tail)
    below: Tail = field(default_factory=Tail)

    @property
    def dispersion(self) -> float:
        """d of variance = m + d m²."""
        return self.excess / self.weight

    def rarity(self, count: float, *, mean: float, rising: bool, caution: float) -> float:
        """-ln of the chance of so high (when `rising`) or so low a sum, nats; then learns it.

        `caution` widens the dispersion while little is known. A sum on the other side of its mean
        than the newest bucket is no surprise.
        """
        above = self._above(count, mean=mean, caution=caution) if rising else 0.0
        below = 0.0
        if not rising and count < mean:
            below = surprise_below(count, mean=mean, dispersion=self.dispersion + caution)
        found = self.above.rarity(above) if rising else self.below.rarity(below)
        self.above.learn(above)
        self.below.learn(below)
        self._spread(count, mean)
        return found

    def rarity_above(self, count: float, *, mean: float, caution: float) -> float:
        """-ln of the chance of so high a sum, nats; nothing is learned."""
        return self.above.rarity(self._above(count, mean=mean, caution=caution))

    def _above(self, count: float, *, mean: float, caution: float) -> float:
        if count <= mean + SOFT:
            return 0.0
        return surprise_above(count, mean=mean + SOFT, dispersion=self.dispersion + caution)

    def _spread(self, count: float, mean: float) -> None:
        square = mean * mean
        deviation = math.sqrt(mean + self.dispersion * square)
        residual = min(count - mean, CUT * deviation + 1.0)
        # Sparse buckets say nothing of the dispersion: they weigh as the square of their mean.
        trust = 1.0 / (square + 1.0)
        self.weight = self.weight * _KEPT + square * trust
        self.excess = max(
            self.excess * _KEPT + (residual * residual - mean) * trust,
            LEAST_DISPERSION * self.weight,
        )
