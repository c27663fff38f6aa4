"""What hours and days usually do to a count, learned as far as the data bear it.

Three layers of effects on the logarithm of the count: hour of the day, day of the week and, on top,
hour of the week. A finished hour (or day) is one visit of its slot. A slot's mean is believed by
the share that the variance between slots has in what is seen of it (empirical Bayes, as James and
Stein):

    effect = mean * between / (between + within / visits),
    between = max(0, variance of the slot means - mean of within / visits)

so a series without a daily pattern gets none, however noisy it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

_HALF = 0.5
"""Added to both sides of a ratio of counts: an hour of nothing has a logarithm too."""

MOST_EFFECT = 2.5
"""A visit more than e ** 2.5, twelve times, off says nothing more of the usual."""


@dataclass(slots=True)
class Effects:
    """Effects of `slots` places in a cycle. Mutable; constant size."""

    slots: int
    most_visits: float
    means: list[float] = field(default_factory=list)
    visits: list[float] = field(default_factory=list)
    within: float = 0.5
    seen: float = 8.0
    """Variance of a slot's visits around its mean and its weight; at first a guess."""
    shares: list[float] = field(default_factory=list)
    """The believed effect of each slot."""

    def __post_init__(self) -> None:
        if not self.means:
            self.means, self.visits, self.shares = ([0.0] * self.slots for _ in range(3))

    def learn(self, slot: int, visit: float) -> None:
        """Take one visit (a logarithm) of a slot."""
        visit = min(max(visit, -MOST_EFFECT), MOST_EFFECT)
        before = self.visits[slot]
        if before >= 1.0:
            # Both the visit and the mean before it are spread.
            square = (visit - self.means[slot]) ** 2 / (1.0 + 1.0 / before)
            self.seen = min(self.seen + 1.0, 300.0)
            self.within += (square - self.within) / self.seen
        self.visits[slot] = min(before + 1.0, self.most_visits)
        self.means[slot] += (visit - self.means[slot]) / self.visits[slot]

    def weigh(self) -> None:
        """Decide anew how much of each slot's mean to believe."""
        known = [
            (mean, visits)
            for mean, visits in zip(self.means, self.visits, strict=True)
            if visits >= 1.0
        ]
        if len(known) < max(3, self.slots // 2):
            return
        middle = sum(mean for mean, _ in known) / len(known)
        spread = sum((mean - middle) ** 2 for mean, _ in known) / (len(known) - 1)
        noise = sum(self.within / visits for _, visits in known) / len(known)
        between = max(0.0, spread - noise)
        self.shares = [
            (mean - middle) * between / (between + self.within / visits) if visits >= 2.0 else 0.0
            for mean, visits in zip(self.means, self.visits, strict=True)
        ]


@dataclass(slots=True)
class Span:
    """What has come since an hour, a part of a day or a day began."""

    place: int = -1
    count: float = 0.0
    usual: float = 0.0

    def visit(self) -> float:
        """The logarithm of what was counted over what the level alone would have brought."""
        return math.log((self.count + _HALF) / (self.usual + _HALF))


@dataclass(slots=True)
class Season:
    """The factor of an instant on the level of a series. Mutable; constant size."""

    hours: Effects = field(default_factory=lambda: Effects(24, 14.0))
    days: Effects = field(default_factory=lambda: Effects(7, 6.0))
    parts: Effects = field(default_factory=lambda: Effects(42, 6.0))
    hour: Span = field(default_factory=Span)
    day: Span = field(default_factory=Span)
    part: Span = field(default_factory=Span)

    def factor(self, at: datetime) -> float:
        """What the hour and the day multiply the level by; hours run into one another."""
        position = at.hour - _HALF + at.minute / 60.0
        earlier = math.floor(position)
        share = position - earlier
        hours = self.hours.shares
        effect = (1.0 - share) * hours[earlier % 24] + share * hours[(earlier + 1) % 24]
        day = at.weekday()
        return math.exp(effect + self.days.shares[day] + self.parts.shares[day * 6 + at.hour // 4])

    def learn(self, at: datetime, *, count: float, level: float, factor: float) -> None:
        """Take a bucket's count, the level without hours and days, and the factor it had."""
        day = at.weekday()
        if day != self.day.place:
            if self.day.place >= 0:
                self.days.learn(self.day.place, self.day.visit())
                self.days.weigh()
                self.parts.weigh()
            self.day = Span(day)
        if at.hour != self.hour.place:
            if self.hour.place >= 0:
                self.hours.learn(self.hour.place, self.hour.visit())
                self.hours.weigh()
            self.hour = Span(at.hour)
        part = day * 6 + at.hour // 4
        if part != self.part.place:
            if self.part.place >= 0:
                known = self.parts.shares[self.part.place]
                self.parts.learn(self.part.place, self.part.visit() + known)
            self.part = Span(part)
        self.day.count += count
        self.day.usual += level
        self.hour.count += count
        self.hour.usual += level * math.exp(self.days.shares[day])
        self.part.count += count
        self.part.usual += level * factor
