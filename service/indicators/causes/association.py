"""Whether a cause goes with a band of hours more than chance would have it. Pure.

Of N posts, n are of the cause, m in the band, and n·m/N of the cause would be in the band if the
two had nothing to do with each other; lift is what there are, over that. Posts of one hour speak of
the same thing, so a test that takes them for independent finds too much. Chance is made of the
posts themselves instead: whole days of bands are shuffled among the days of four weeks (a slow
trend stays), or, where the band is the hour of the day, each day is turned by a number of hours.
Every cell has its residual (A. Agresti, Categorical Data Analysis, 2013, 3.3.1), measured in the
spread that it has over the shuffles, and p is the part of the shuffles in which the largest of all
cells was as large: P. Westfall, S. Young, Resampling-Based Multiple Testing, 1993 (maxT). So it is
corrected for the number of cells. It is about more than expected only: what is less is more
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from service.indicators.causes.bands import UNKNOWN, Grid

LEAST_EXPECTED = 5.0
"""Cells that expect fewer posts are counted and not tested."""
LEAST_DAYS = 5
"""Nor are those of bands with posts on fewer days: two wet days prove nothing about rain."""
SHUFFLES = 1_999
"""The smallest p is 1 in 2,000."""
_TOGETHER = 28
"""Days that are shuffled among each other."""
_SEED = 20_260_301

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


class Shuffle(StrEnum):
    """What chance is made of: days that change places; or, where all days have the same bands, days
    that are turned."""

    DAYS = "days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Of one cause and band. `lift` is None where nothing is expected, `p` where it is untested."""

    cause: int
    band: int
    n: int
    expected: float
    lift: float | None
    p: float | None


def cells(
    causes: Counts, posts: Counts, grid: Grid, *, bands: int, shuffle: Shuffle
) -> tuple[Cell, ...]:
    """Every cell, by cause and band.

    `causes[c, d, h]` are the posts of a cause in an hour, `posts[d, h]` all that were read, with
    `grid[d, h]` the band. Hours of no band count nowhere. The same answer for the same numbers.
    """
    both = np.concatenate([causes, posts[None]]).astype(np.float64)
    marks = np.zeros((*grid.shape, bands))
    days, hours = np.nonzero(grid != UNKNOWN)
    marks[days, hours, grid[days, hours]] = 1.0
    if shuffle is Shuffle.DAYS and (grid == grid[:, :1]).all():
        both, marks = both.sum(axis=2, keepdims=True), marks[:, :1]
    seen = np.einsum("cdh,dhb->cb", both, marks)
    expected, residuals = _compared(seen)
    days_of = ((marks > 0) & (both[-1] > 0)[:, :, None]).any(axis=1).sum(axis=0)
    tested = (expected >= LEAST_EXPECTED) & (days_of >= LEAST_DAYS)
    p = np.full(expected.shape, np.nan)
    if tested.any():
        drawn = np.stack([_compared(item)[1][tested] for item in _shuffled(both, marks, shuffle)])
        p[tested] = _p_values(residuals[tested], drawn)
    return tuple(
        Cell(
            cause=cause,
            band=band,
            n=int(seen[cause, band]),
            expected=float(expected[cause, band]),
            lift=float(seen[cause, band] / expected[cause, band])
            if expected[cause, band] > 0
            else None,
            p=float(p[cause, band]) if tested[cause, band] else None,
        )
        for cause in range(len(causes))
        for band in range(bands)
    )


def _compared(seen: Floats) -> tuple[Floats, Floats]:
    """Expected posts and adjusted residuals of the causes; the last row are all posts."""
    all_posts = max(float(seen[-1].sum()), 1.0)
    of_cause = seen[:-1].sum(axis=1, keepdims=True)
    in_band = seen[-1:]
    expected = of_cause * in_band / all_posts
    variance = expected * (1 - of_cause / all_posts) * (1 - in_band / all_posts)
    spread = np.sqrt(np.maximum(variance, 1e-12))
    return expected, np.where(variance > 1e-9, (seen[:-1] - expected) / spread, 0.0)


def _p_values(seen: Floats, drawn: Floats) -> Floats:
    centre, spread = drawn.mean(axis=0), drawn.std(axis=0)
    spread = np.where(spread > 1e-9, spread, np.inf)
    largest = ((drawn - centre) / spread).max(axis=1)
    at_least = ((seen - centre) / spread)[:, None] <= largest[None, :] + 1e-12
    return np.asarray((1 + at_least.sum(axis=1)) / (1 + len(largest)), dtype=np.float64)


def _shuffled(both: Floats, marks: Floats, shuffle: Shuffle) -> Iterator[Floats]:
    """Posts by row and band, of each shuffle. No product of matrices is in the loops: so many small
    ones cost more in threads than in numbers."""
    chance = np.random.default_rng(_SEED)
    if shuffle is Shuffle.DAYS:
        return _days_moved(both, marks, chance)
    return _days_turned(both, marks[0], chance)


def _days_moved(both: Floats, marks: Floats, chance: np.random.Generator) -> Iterator[Floats]:
    # What each day counts with the bands of each other one.
    weeks = [
        np.einsum("cih,jhb->ijcb", both[:, part], marks[part], optimize=True)
        for part in _stretches(both.shape[1])
    ]
    for _ in range(SHUFFLES):
        seen = np.zeros(weeks[0].shape[2:])
        for week in weeks:
            seen += week[np.arange(len(week)), chance.permutation(len(week))].sum(axis=0)
        yield seen


def _days_turned(both: Floats, marks: Floats, chance: np.random.Generator) -> Iterator[Floats]:
    rows, days, hours = both.shape
    by_day = both.transpose(1, 0, 2).reshape(days, rows * hours)
    turns = np.arange(hours)
    for _ in range(SHUFFLES):
        by = chance.integers(hours, size=days)
        order = np.argsort(by, kind="stable")
        # Days turned by as much are one: they are summed first, and then turned.
        many = np.bincount(by, minlength=hours)
        alike = np.flatnonzero(many)
        starts = (np.cumsum(many) - many)[alike]
        summed = np.add.reduceat(by_day[order], starts, axis=0).reshape(-1, rows, hours)
        back = (turns[None, :] - alike[:, None]) % hours
        turned = np.take_along_axis(summed, back[:, None, :], axis=2).sum(axis=0)
        yield np.einsum("ch,hb->cb", turned, marks)


def _stretches(days: int) -> list[slice]:
    """Four weeks each; what is left over goes with the last, unless it is half of them."""
    starts = list(range(0, days, _TOGETHER))
    if len(starts) > 1 and days - starts[-1] < _TOGETHER // 2:
        starts.pop()
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], days], strict=True)]
