"""The hours of a window by what they were like: hour of the day, weekday, bands of a series. Pure.

Hours lie in a grid of local days × 24: `grid[d, h]` is what holds for hour `h` of day `d`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.series import Point

HOURS = 24
UNKNOWN = -1
"""In place of a band: the series says nothing of that hour."""
_THIRDS = (1 / 3, 2 / 3)

Grid = NDArray[np.int64]
Values = NDArray[np.float64]


class Per(StrEnum):
    """Whether a series is cut by its hours, or by the mean of each local day."""

    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """`low` included, `high` not; None is without an end. Both are None but for a series."""

    label: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Banded:
    """The bands, and for each hour the place of its own among them or UNKNOWN."""

    bands: tuple[Band, ...]
    grid: Grid


def local_days(since: datetime, until: datetime, zone: tzinfo) -> tuple[date, ...]:
    """Every day on people's clocks that the window [since, until) touches."""
    first = since.astimezone(zone).date()
    last = (until - timedelta(microseconds=1)).astimezone(zone).date()
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def by_hour(days: Sequence[date]) -> Banded:
    """A band for each hour of the day."""
    bands = tuple(Band(label=f"{hour:02d}") for hour in range(HOURS))
    return Banded(bands, np.tile(np.arange(HOURS), (len(days), 1)))


def by_weekday(days: Sequence[date]) -> Banded:
    """A band for each day of the week; 1 is Monday."""
    bands = tuple(Band(label=str(number)) for number in range(1, 8))
    weekdays = np.array([day.weekday() for day in days], dtype=np.int64)
    return Banded(bands, np.repeat(weekdays[:, None], HOURS, axis=1))


def values_of(points: Sequence[Point], days: Sequence[date], zone: tzinfo, *, per: Per) -> Values:
    """What a series, by time, was in each hour, or on its day; NaN where it says nothing.

    That is the mean of its points in there; without any, the last point before, as long as that is
    no older than points usually lie apart (the median).
    """
    grid = np.full((len(days), HOURS), np.nan)
    if not points:
        return grid
    times = [point.at for point in points]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    usual = sorted(gaps)[len(gaps) // 2] if gaps else timedelta(hours=1)
    for row, day in enumerate(days):
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        if per is Per.DAY:
            grid[row] = _value(points, times, midnight, midnight + timedelta(days=1), usual)
            continue
        for hour in range(HOURS):
            start = midnight + timedelta(hours=hour)
            grid[row, hour] = _value(points, times, start, start + timedelta(hours=1), usual)
    return grid


def by_values(values: Values, edges: Sequence[float] = ()) -> Banded:
    """Bands between the given edges, which grow; without any thirds, as far as values differ.

    Where more than a third of the hours have the smallest value (no rain), that is a band, and the
    rest is cut at its median.
    """
    known = values[~np.isnan(values)]
    cuts = list(edges) if edges else _cuts(known)
    lows: list[float | None] = [None, *cuts]
    highs: list[float | None] = [*cuts, None]
    bands = tuple(
        Band(label=_label(low, high), low=low, high=high)
        for low, high in zip(lows, highs, strict=True)
    )
    grid = np.searchsorted(np.array(cuts), values, side="right").astype(np.int64)
    grid[np.isnan(values)] = UNKNOWN
    return Banded(bands, grid)


def _cuts(known: NDArray[Any]) -> list[float]:
    if not known.size or known.min() == known.max():
        return []
    lowest = known.min()
    if (known == lowest).mean() > _THIRDS[0]:
        rest = known[known > lowest]
        found = [float(rest.min()), float(np.median(rest))]
    else:
        found = [float(np.quantile(known, part)) for part in _THIRDS]
    return sorted({cut for cut in found if cut > lowest})


def _value(
    points: Sequence[Point],
    times: Sequence[datetime],
    begin: datetime,
    end: datetime,
    usual: timedelta,
) -> float:
    """Between two instants on people's clocks, which may be less or more apart than they say."""
    since, until = begin.astimezone(UTC), end.astimezone(UTC)
    first, after = bisect_left(times, since), bisect_left(times, until)
    if after > first:
        return sum(point.value for point in points[first:after]) / (after - first)
    if first and since - times[first - 1] < usual:
        return points[first - 1].value
    return float("nan")


def _label(low: float | None, high: float | None) -> str:
    if low is None:
        return "all" if high is None else f"< {high:g}"
    return f">= {low:g}" if high is None else f"{low:g} to < {high:g}"
