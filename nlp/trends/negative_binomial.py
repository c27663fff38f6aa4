"""Tails of the negative binomial in constant time.

A count with mean m and dispersion d has variance m + d m². Its cumulant generating function is
known in closed form, so a tail is a saddlepoint approximation (Lugannani and Rice 1980 in the r*
form of Barndorff-Nielsen, with Daniels' second continuity correction, 1987): within a few per cent
of the exact sum wherever a tail matters, for any size of count, in a microsecond. Surprise is
-ln P, in nats.
"""

from __future__ import annotations

import math

_POISSON = 1e-7
"""A dispersion below this makes no difference to a Poisson count."""

_FLAT = 1e-3
"""So near the mean (in standard deviations) the correction of the saddlepoint is 0 / 0."""


def surprise_above(count: float, *, mean: float, dispersion: float) -> float:
    """-ln P(X >= count) for a count above its mean; 0 for 0. `mean` is positive."""
    at = count - 0.5
    return _normal_surprise(_signed_root(at, mean, dispersion)) if at > 0 else 0.0


def surprise_below(count: float, *, mean: float, dispersion: float) -> float:
    """-ln P(X <= count) for a count below its mean. `mean` is positive."""
    if count < 0.5:
        return _surprise_of_none(mean, dispersion)
    return _normal_surprise(-_signed_root(count + 0.5, mean, dispersion))


def interval(*, mean: float, dispersion: float, deviations: float = 1.96) -> tuple[float, float]:
    """Between which counts a share of the buckets lies, 95 % unless told (Wilson–Hilferty)."""
    relative = (dispersion + 1.0 / mean) / 9.0
    middle, spread = 1.0 - relative, deviations * math.sqrt(relative)
    return mean * max(0.0, middle - spread) ** 3, mean * max(0.0, middle + spread) ** 3


def _surprise_of_none(mean: float, dispersion: float) -> float:
    if dispersion < _POISSON:
        return mean
    return math.log1p(dispersion * mean) / dispersion


def _signed_root(at: float, mean: float, dispersion: float) -> float:
    """r*: a standard normal deviate whose tail is that of the count beyond `at` > 0."""
    log_ratio = math.log(at / mean)
    if dispersion < _POISSON:
        deviance = at * log_ratio - (at - mean)
        tilt, variance = log_ratio, at
    else:
        size = 1.0 / dispersion
        log_whole = math.log((at + size) / (mean + size))
        deviance = at * log_ratio - (at + size) * log_whole
        tilt, variance = log_ratio - log_whole, at + dispersion * at * at
    root = math.copysign(math.sqrt(max(0.0, 2.0 * deviance)), log_ratio)
    if abs(root) < _FLAT:
        return root
    tilted = 2.0 * math.sinh(tilt / 2.0) * math.sqrt(variance)
    return root + math.log(tilted / root) / root


def _normal_surprise(deviate: float) -> float:
    """-ln P(Z >= deviate) of a standard normal; asymptotic beyond the range of erfc."""
    if deviate < 25.0:
        return -math.log(0.5 * math.erfc(deviate / math.sqrt(2.0)))
    return 0.5 * deviate * deviate + math.log(deviate * math.sqrt(2.0 * math.pi))
