"""How many posts a feed usually brings at this hour of the week, and how odd it is to see fewer.

Counts are over-dispersed (people post in conversations), so a window's count X is taken as negative
binomial with mean M and size r, variance M + M² / r:

    P(X = 0) = (1 + M/r)^-r,    P(X = j+1) = P(X = j) · (j + r)/(j + 1) · M/(M + r)

(NB2 in Cameron & Trivedi, Regression Analysis of Count Data, 2nd ed., section 3.3.1.) The rate of
an hour of the week is shrunk to that of its hour of the day, and that one to the feed's overall
rate, each as the mean of a gamma posterior, (sum + κ · prior) / (hours + κ) (Gelman et al.,
Bayesian Data Analysis, 3rd ed., section 2.6). 1/r is the spread of earlier blocks as wide as the
window, by the method of moments, plus what is not known about M itself: its squared relative error.
Posts of neighbouring hours come and stay away together, which is why the spread is measured on
whole blocks and not put together from hours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
WEEK_H = 168
ENOUGH_HOURS = 2 * WEEK_H
ENOUGH_POSTS = 20
"""Below these nobody can say what is usual: two weeks show each hour twice."""
SHRINKAGE_H = 4.0
"""κ: so many hours of its own count as much as what other hours say."""
BLOCKS_H = (1, 6, 24)
"""Widths of the blocks whose spread is measured."""
PRIOR_SPREAD = 0.5
PRIOR_BLOCKS = 4.0
LEAST_SPREAD = 0.05
CLIP = 3.0
"""A count above so many times its mean is cut to that: a burst says nothing about calm."""


@dataclass(frozen=True, slots=True)
class HourCount:
    """Posts that arrived in the hour from `start`, a full hour of UTC."""

    start: datetime
    posts: int


@dataclass(frozen=True, slots=True)
class ArrivalModel:
    """`rates` and `doubts` (variance of the rate) by hour of the week from Monday 00:00 in `zone`;
    `spreads` are 1/r by width of block in hours."""

    zone: ZoneInfo
    rates: tuple[float, ...]
    doubts: tuple[float, ...]
    spreads: tuple[tuple[int, float], ...]

    def expected(self, since: datetime, hours: int) -> float:
        """Posts that the `hours` from the full hour `since` usually bring."""
        return math.fsum(self.rates[slot] for slot in self._slots(since, hours))

    def at_most(self, count: int, since: datetime, hours: int) -> float:
        """P(X ≤ count) for that window; 1 from the mean on, where nothing is missing."""
        mean = self.expected(since, hours)
        if count >= mean:
            return 1.0
        return lower_tail(count, mean=mean, spread=self._spread(since, hours, mean))

    def _spread(self, since: datetime, hours: int, mean: float) -> float:
        doubt = math.fsum(self.doubts[slot] for slot in self._slots(since, hours))
        measured = [spread for width, spread in self.spreads if width <= hours]
        return measured[-1] + doubt / mean**2

    def _slots(self, since: datetime, hours: int) -> list[int]:
        # Where clocks are put forward or back within the window, an hour of it is off by one.
        first = hour_of_week(since, self.zone)
        return [(first + number) % WEEK_H for number in range(hours)]


def hour_of_week(instant: datetime, zone: ZoneInfo) -> int:
    """0 for Monday 00:00 to 01:00 in `zone`, 167 for the last hour of Sunday."""
    local = instant.astimezone(zone)
    return local.weekday() * 24 + local.hour


def learn(history: Sequence[HourCount], zone: ZoneInfo) -> ArrivalModel | None:
    """The model of a feed by its closed hours, oldest first, those left out that were not seen.

    None while there are fewer than ENOUGH_HOURS or ENOUGH_POSTS.
    """
    total = sum(item.posts for item in history)
    if len(history) < ENOUGH_HOURS or total < ENOUGH_POSTS:
        return None
    ceiling = _ceiling(history)
    slots = [(hour_of_week(item.start, zone), min(float(item.posts), ceiling)) for item in history]
    overall = sum(posts for _, posts in slots) / len(slots)
    daily = [
        _posterior([posts for slot, posts in slots if slot % 24 == hour], overall)
        for hour in range(24)
    ]
    by_slot: list[list[float]] = [[] for _ in range(WEEK_H)]
    for slot, posts in slots:
        by_slot[slot].append(posts)
    weekly = [_posterior(posts, daily[slot % 24][0]) for slot, posts in enumerate(by_slot)]
    rates = tuple(rate for rate, _ in weekly)
    return ArrivalModel(
        zone=zone,
        rates=rates,
        doubts=tuple(doubt for _, doubt in weekly),
        spreads=tuple((width, _spread(history, rates, zone, width)) for width in BLOCKS_H),
    )


def lower_tail(count: int, *, mean: float, spread: float) -> float:
    """P(X ≤ count) of a negative binomial of that mean and 1/r = `spread` > 0, for count < mean.

    Summed downwards from `count`; for r > 1 the terms below the mode only shrink, so it ends early.
    """
    size = 1.0 / spread
    log_term = (
        math.lgamma(count + size)
        - math.lgamma(size)
        - math.lgamma(count + 1)
        - size * math.log1p(mean * spread)
        + count * (math.log(mean) - math.log(mean + size))
    )
    term = total = math.exp(log_term)
    for value in range(count, 0, -1):
        term *= value * (mean + size) / ((value - 1 + size) * mean)
        total += term
        if size > 1 and term < total * 1e-12:
            break
    return min(1.0, total)


def _posterior(counts: Sequence[float], prior: float) -> tuple[float, float]:
    """Mean and variance of a gamma posterior with κ hours of prior."""
    weight = len(counts) + SHRINKAGE_H
    rate = (sum(counts) + SHRINKAGE_H * prior) / weight
    return rate, rate / weight


def _ceiling(history: Sequence[HourCount]) -> float:
    """What one hour may count for: the busiest hundredth of hours is cut to the next one's size."""
    ordered = sorted(item.posts for item in history)
    return float(max(1, ordered[math.ceil(0.99 * len(ordered)) - 1]))


def _spread(
    history: Sequence[HourCount], rates: Sequence[float], zone: ZoneInfo, width: int
) -> float:
    """1/r of blocks of `width` hours in a row: Σ((x - m)² - m) / Σm², with some blocks of prior."""
    excess = squares = 0.0
    blocks = _blocks(history, width)
    for block in blocks:
        mean = math.fsum(rates[hour_of_week(item.start, zone)] for item in block)
        count = min(float(sum(item.posts for item in block)), CLIP * mean + CLIP)
        excess += (count - mean) ** 2 - mean
        squares += mean**2
    if not squares:
        return PRIOR_SPREAD
    prior = PRIOR_BLOCKS * squares / len(blocks)
    return max(LEAST_SPREAD, (excess + prior * PRIOR_SPREAD) / (squares + prior))


def _blocks(history: Sequence[HourCount], width: int) -> list[Sequence[HourCount]]:
    """Pieces of `width` hours without a hole, one behind the other."""
    blocks: list[Sequence[HourCount]] = []
    start = 0
    while start + width <= len(history):
        end = start + width - 1
        if history[end].start - history[start].start == (width - 1) * HOUR:
            blocks.append(history[start : end + 1])
            start += width
        else:
            start += 1
    return blocks
