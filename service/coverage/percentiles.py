"""Percentiles of durations that are kept as counts by logarithmic bucket.

A duration x falls into bucket ceil(log x / log γ) with γ = (1 + α) / (1 - α), whose middle
2 γ^i / (γ + 1) is never off by more than the share α of x (DDSketch: Masson, Rim, Lee, PVLDB 12,
2019). Two of them add up bucket by bucket, so hours add up to days and processes to a whole.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

ACCURACY = 0.02
_GAMMA = (1 + ACCURACY) / (1 - ACCURACY)
_LOG_GAMMA = math.log(_GAMMA)
LEAST_S = 0.001
"""Shorter ones, and clocks that run backwards, count as none at all."""
MOST_S = 10 * 365 * 86_400.0
_NONE = "0"
_SHARES = (50, 95, 99)


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of durations in seconds; None where there are none. `count` is how many."""

    p50: float | None
    p95: float | None
    p99: float | None
    count: int


def bucket(seconds: float) -> str:
    """The bucket's name, as JSON keys are."""
    if seconds < LEAST_S:
        return _NONE
    return f"b{math.ceil(math.log(min(seconds, MOST_S)) / _LOG_GAMMA)}"


def counted(durations: Iterable[float]) -> dict[str, int]:
    """Durations in seconds as counts by bucket."""
    return dict(Counter(bucket(seconds) for seconds in durations))


def added(*sketches: Mapping[str, int]) -> dict[str, int]:
    """Counts of several, bucket by bucket."""
    total: Counter[str] = Counter()
    for sketch in sketches:
        total.update(sketch)
    return dict(total)


def percentiles(sketch: Mapping[str, int]) -> Percentiles:
    """p50, p95, p99 by nearest rank, each within ACCURACY of a duration that was counted."""
    ordered = sorted((_value(name), count) for name, count in sketch.items())
    whole = sum(count for _, count in ordered)
    found = [_at(ordered, max(1, -(-share * whole // 100))) if whole else None for share in _SHARES]
    return Percentiles(p50=found[0], p95=found[1], p99=found[2], count=whole)


def share_within(sketch: Mapping[str, int], limit_s: float) -> float | None:
    """The share of durations of at most `limit_s` seconds, to the width of a bucket."""
    whole = sum(sketch.values())
    if not whole:
        return None
    return sum(count for name, count in sketch.items() if _value(name) <= limit_s) / whole


def _value(name: str) -> float:
    if name == _NONE:
        return 0.0
    return 2 * math.exp(int(name[1:]) * _LOG_GAMMA) / (_GAMMA + 1)


def _at(ordered: Sequence[tuple[float, int]], rank: int) -> float:
    passed = accumulate(count for _, count in ordered)
    place = next(place for place, count in enumerate(passed) if count >= rank)
    return round(ordered[place][0], 3)
