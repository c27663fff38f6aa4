"""What is counted of the posts of a story.

`heat` is log2 of the sum over its posts of 2^(t / HALF_LIFE_S), t the time of a post in seconds
since 1970: forward decay (Cormode et al. 2009). It never has to be brought up to date, orders
stories by their present pace at every instant, and is additive in linear terms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from nlp.stories.curve import Curve
from nlp.stories.post import StoryPost

HALF_LIFE_S = 3_600.0
COLD = -1e9
"""The heat of no posts."""
_MANY = 8.0
MOST_NAMES = 64
OTHERS = "…"
"""Stands for all sources, or monitors, beyond the first MOST_NAMES."""


@dataclass(slots=True)
class Tally:
    """Posts, distinct texts, and how many posts by time, source, sentiment and monitor."""

    posts: int = 0
    texts: int = 0
    first_at: float = math.inf
    last_at: float = -math.inf
    heat: float = COLD
    curve: Curve = field(default_factory=Curve)
    sources: dict[str, int] = field(default_factory=dict)
    sentiments: dict[str, int] = field(default_factory=dict)
    monitors: dict[str, int] = field(default_factory=dict)

    def add(self, post: StoryPost, *, at: float, new_text: bool) -> None:
        """Count a post, at `at` in seconds since 1970."""
        self.posts += 1
        self.texts += new_text
        self.first_at = min(self.first_at, at)
        self.last_at = max(self.last_at, at)
        self.heat = _sum(self.heat, at / HALF_LIFE_S)
        self.curve.add(at)
        _count(self.sources, post.source)
        _count(self.sentiments, post.sentiment or "unknown")
        for monitor in post.monitors:
            _count(self.monitors, monitor)

    def join(self, other: Tally) -> None:
        """Add all that another tally counts."""
        self.posts += other.posts
        self.texts += other.texts
        self.first_at = min(self.first_at, other.first_at)
        self.last_at = max(self.last_at, other.last_at)
        self.heat = _sum(self.heat, other.heat)
        self.curve.join(other.curve)
        for mine, theirs in zip(self._names(), other._names(), strict=True):
            for name, posts in theirs.items():
                _count(mine, name, posts)

    def take_out(self, other: Tally) -> None:
        """Subtract a part that this one counted; first and last post are left to the caller."""
        self.posts = max(0, self.posts - other.posts)
        self.texts = max(0, self.texts - other.texts)
        self.heat = _difference(self.heat, other.heat)
        self.curve.take_out(other.curve)
        for mine, theirs in zip(self._names(), other._names(), strict=True):
            for name, posts in theirs.items():
                _count(mine, name, -posts)

    def pace(self, now: float) -> float:
        """Posts an hour at `now`: a steady stream of n an hour has the pace n; old posts fade."""
        age = self.heat - now / HALF_LIFE_S
        return 0.0 if age < -60 else math.log(2) * 2.0 ** min(age, 60.0) * 3_600 / HALF_LIFE_S

    def warmth(self, now: float) -> float:
        """How much this is happening at `now`, in [0, 1]: many posts lately, and most of all.

        With r the sum of 2^(-age / HALF_LIFE_S) over the n posts: min(1, r / 8) sqrt(r / n). What
        goes on every day is cool however much it is, and so are three posts in an hour.
        """
        if not self.posts:
            return 0.0
        recent = float(2.0 ** min(self.heat - now / HALF_LIFE_S, 60.0))
        return min(1.0, recent / _MANY) * math.sqrt(min(1.0, recent / self.posts))

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "posts": self.posts,
            "texts": self.texts,
            "first_at": self.first_at,
            "last_at": self.last_at,
            "heat": self.heat,
            "curve": self.curve.plain(),
            "sources": self.sources,
            "sentiments": self.sentiments,
            "monitors": self.monitors,
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """The tally of what `plain` gave."""
        return cls(
            posts=int(plain["posts"]),
            texts=int(plain["texts"]),
            first_at=float(plain["first_at"]),
            last_at=float(plain["last_at"]),
            heat=float(plain["heat"]),
            curve=Curve.of(plain["curve"]),
            sources=dict(plain["sources"]),
            sentiments=dict(plain["sentiments"]),
            monitors=dict(plain["monitors"]),
        )

    def _names(self) -> tuple[dict[str, int], ...]:
        return self.sources, self.sentiments, self.monitors


def _count(counts: dict[str, int], name: str, posts: int = 1) -> None:
    if name not in counts and (len(counts) >= MOST_NAMES or posts < 0):
        name = OTHERS
    left = counts.get(name, 0) + posts
    if left > 0:
        counts[name] = left
    else:
        counts.pop(name, None)


def _sum(left: float, right: float) -> float:
    """log2(2^left + 2^right)."""
    high, low = max(left, right), min(left, right)
    return high if high - low > 60 else high + math.log2(1 + 2.0 ** (low - high))


def _difference(left: float, right: float) -> float:
    """log2(2^left - 2^right), COLD where nothing is left."""
    rest = 1 - 2.0 ** min(0.0, right - left) if right > COLD else 1.0
    return left + math.log2(rest) if rest > 1e-9 else COLD
