"""How wrong forecasts were when they were made of what was known then. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.indicators.outlook.naive import WEEK
from service.indicators.outlook.range import Range

Forecaster = Callable[[Sequence[float], int], Sequence[Range]]

LEAST_KNOWN = 56
"""Days that a forecast is made of, at least."""
MOST_ORIGINS = 5
_APART = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Over all origins and days: `mase`, and the shares of days inside the two intervals.

    `mase` is the mean absolute error over that which seasonal naive makes one week ahead, inside
    what was known: R. Hyndman, A. Koehler, Another look at measures of forecast accuracy,
    International Journal of Forecasting 22(4), 2006. None where weeks never differed.
    """

    mase: float | None
    inside_80: float
    inside_95: float


def origins(days: int, ahead: int) -> tuple[int, ...]:
    """After how many days forecasts are made: up to five, a fortnight apart, the last one so that
    all its days are known. Empty for too short a history."""
    last = days - ahead
    found = [last - _APART * number for number in range(MOST_ORIGINS)]
    return tuple(sorted(origin for origin in found if origin >= LEAST_KNOWN))


def accuracy(
    volumes: Sequence[float], forecaster: Forecaster, *, at: Sequence[int], ahead: int
) -> Accuracy:
    """The forecasts of the next `ahead` days made `at` each of the origins, of which there is one.

    Raises what the forecaster raises.
    """
    scaled: list[float] = []
    inside_80 = inside_95 = days = 0
    for origin in at:
        known = volumes[:origin]
        scale = seasonal_scale(known)
        pairs = zip(forecaster(known, ahead), volumes[origin : origin + ahead], strict=True)
        for range_, came in pairs:
            days += 1
            inside_80 += range_.low_80 <= came <= range_.high_80
            inside_95 += range_.low_95 <= came <= range_.high_95
            if scale > 0:
                scaled.append(abs(came - range_.value) / scale)
    return Accuracy(
        mase=sum(scaled) / len(scaled) if scaled else None,
        inside_80=inside_80 / days,
        inside_95=inside_95 / days,
    )


def seasonal_scale(volumes: Sequence[float]) -> float:
    """The mean absolute difference from the same weekday of the week before."""
    gaps = [abs(volumes[at] - volumes[at - WEEK]) for at in range(WEEK, len(volumes))]
    return sum(gaps) / len(gaps)
