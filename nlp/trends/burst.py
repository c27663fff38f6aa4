"""Is this count more than its past explains?

Counts of posts are over-dispersed, so the null is a negative binomial with mean m and variance v:

    m = (sum of clipped history + PRIOR_WEIGHT * PRIOR_MEAN) / (n + PRIOR_WEIGHT)
    v = clipped variance around m, the prior counted in; at least MIN_RATIO * m and
        (MIN_SPREAD * m) ** 2, at most m + (MAX_SPREAD * m) ** 2
    p = P(X >= count),    score = 1 - p, capped below the minimum volume

History is clipped at its median plus CLIP median absolute deviations, so that an old burst does
not hide a new one. The prior keeps the first hours of a short history quiet. Means above LARGE are
scaled down to it with their variance: the negative binomial is then close to a gamma, whose
shape no scale changes. Fractional counts (weighted posts) are rounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

PRIOR_MEAN = 3.0
PRIOR_WEIGHT = 2.0
MIN_RATIO = 1.3
MIN_SPREAD = 0.25
MAX_SPREAD = 1.4
CLIP = 6.0
LARGE = 300.0
MIN_VOLUME = 10
# A count below the minimum volume is never called a burst, however unusual.
QUIET_CAP = 0.5
# From this score on a count stands above its baseline.
ALARM_SCORE = 0.99

_FARTHEST = 10**9
_LEAST = 1e-300


class BurstReason(StrEnum):
    """Why a count scores as it does."""

    BELOW_FLOOR = "below_floor"
    WITHIN_BASELINE = "within_baseline"
    ABOVE_BASELINE = "above_baseline"
    NO_HISTORY = "no_history"


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstScore:
    """`score` in [0, 1]; `expected` is None without history."""

    score: float
    expected: float | None
    reason: BurstReason


def burst_score(
    count: float, *, history: Sequence[float], min_volume: float = MIN_VOLUME
) -> BurstScore:
    """Scores the count of a bucket against the earlier buckets of the same width, oldest first.

    Raises ValueError for negative counts or ones that are not numbers.
    """
    _check((count, *history))
    mean, variance = _baseline(history)
    scale = max(1.0, mean / LARGE)
    null = _Null.of(mean / scale, variance / scale**2)
    score = 1.0 - null.tail(round(count / scale))
    if count < min_volume:
        score, reason = min(score, QUIET_CAP), BurstReason.BELOW_FLOOR
    elif not history:
        reason = BurstReason.NO_HISTORY
    elif score >= ALARM_SCORE:
        reason = BurstReason.ABOVE_BASELINE
    else:
        reason = BurstReason.WITHIN_BASELINE
    return BurstScore(score=score, expected=mean if history else None, reason=reason)


def alarm_count(history: Sequence[float], *, min_volume: float = MIN_VOLUME) -> int:
    """The smallest count that would stand above the baseline of these earlier buckets.

    Raises ValueError for negative counts or ones that are not numbers.
    """
    _check(history)
    mean, variance = _baseline(history)
    scale = max(1.0, mean / LARGE)
    null = _Null.of(mean / scale, variance / scale**2)
    return max(math.ceil(min_volume), math.ceil(null.quantile() * scale))


def _check(counts: Sequence[float]) -> None:
    if not all(math.isfinite(value) and value >= 0 for value in counts):
        raise ValueError("counts must be finite and not negative")


def _baseline(history: Sequence[float]) -> tuple[float, float]:
    """Mean and variance of the null, the prior counted in."""
    clipped: list[float] = []
    if history:
        middle = median(history)
        deviation = median(abs(value - middle) for value in history)
        ceiling = middle + CLIP * max(deviation, math.sqrt(middle), 1.0)
        clipped = [min(value, ceiling) for value in history]
    weight = len(clipped) + PRIOR_WEIGHT
    mean = (sum(clipped) + PRIOR_WEIGHT * PRIOR_MEAN) / weight
    squares = sum((value - mean) ** 2 for value in clipped)
    # The prior is as spread as its mean is high: one early bucket proves no calm.
    variance = (squares + PRIOR_WEIGHT * PRIOR_MEAN**2) / weight
    lowest = max(MIN_RATIO * mean, (MIN_SPREAD * mean) ** 2)
    return mean, min(max(variance, lowest), mean + (MAX_SPREAD * mean) ** 2)


@dataclass(frozen=True, slots=True)
class _Null:
    """A negative binomial: `size` is its shape, `log_failure` that of mean / (size + mean)."""

    size: float
    mean: float
    log_success: float
    log_failure: float

    @classmethod
    def of(cls, mean: float, variance: float) -> _Null:
        """The distribution of this mean and variance; `variance > mean > 0`."""
        size = mean * mean / (variance - mean)
        return cls(size, mean, math.log(size / (size + mean)), math.log(mean / (size + mean)))

    def mass(self, value: int) -> float:
        """P(X = value)."""
        return math.exp(
            math.lgamma(value + self.size)
            - math.lgamma(self.size)
            - math.lgamma(value + 1)
            + self.size * self.log_success
            + value * self.log_failure
        )

    def tail(self, count: int) -> float:
        """P(X >= count), summed on the side of the mean that holds less."""
        if count <= self.mean:
            return max(0.0, 1.0 - math.fsum(map(self.mass, range(count))))
        # Far out the mass is zero in floating point, long before lgamma overflows.
        value = min(count, _FARTHEST)
        term = total = self.mass(value)
        ratio = math.exp(self.log_failure)
        # p(k + 1) = p(k) (k + size) / (k + 1) ratio; the factor tends to ratio < 1.
        # Not below _LEAST: the least denormal number, shrunk a little, rounds to itself for ever.
        while term > max(total * 1e-12, _LEAST):
            term *= (value + self.size) / (value + 1) * ratio
            total += term
            value += 1
        return min(1.0, total)

    def quantile(self) -> int:
        """The smallest count whose score reaches ALARM_SCORE, by bisection."""
        low, high = 0, math.ceil(self.mean) + 1
        while self.tail(high) > 1 - ALARM_SCORE:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            if self.tail(middle) > 1 - ALARM_SCORE:
                low = middle
            else:
                high = middle
        return high
