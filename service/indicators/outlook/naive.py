"""Seasonal naive: what was on this weekday last. The yardstick of every forecast. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import expm1, log1p, sqrt

from service.indicators.outlook.range import Z80, Z95, Range

WEEK = 7
_MOST = 50.0
"""More posts than there are people; beyond some hundred nothing is finite."""


def seasonal_naive(volumes: Sequence[float], days: int) -> tuple[Range, ...]:
    """The days after the volumes, of which there are more than a week.

    The spread grows with the root of the weeks ahead: R. Hyndman, G. Athanasopoulos, Forecasting:
    Principles and Practice, 3rd ed., table 5.2; on log(1 + posts), so that nothing falls below 0.
    """
    logs = [log1p(volume) for volume in volumes]
    gaps = [logs[at] - logs[at - WEEK] for at in range(WEEK, len(logs))]
    deviation = sqrt(sum(gap * gap for gap in gaps) / len(gaps))
    found = []
    for ahead in range(days):
        middle = logs[len(logs) - WEEK + ahead % WEEK]
        spread = deviation * sqrt(ahead // WEEK + 1)
        found.append(from_log(middle, spread))
    return tuple(found)


def from_log(middle: float, spread: float) -> Range:
    """Posts, from the mean and deviation of their logarithm."""
    there = Range(
        value=middle,
        low_80=middle - Z80 * spread,
        high_80=middle + Z80 * spread,
        low_95=middle - Z95 * spread,
        high_95=middle + Z95 * spread,
    )
    return there.mapped(lambda log: max(0.0, expm1(min(log, _MOST))))
