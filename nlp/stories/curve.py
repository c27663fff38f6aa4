"""How a story grew: posts by time, in few buckets whatever its length.

The buckets begin narrow and are joined two by two when there are too many of them; each is as wide
as the others and begins at a multiple of that width since 1970 (UTC).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

NARROWEST_S = 300
MOST_BUCKETS = 96


@dataclass(slots=True)
class Curve:
    """`counts` by bucket number; bucket b covers [b * width_s, (b + 1) * width_s) seconds."""

    width_s: int = NARROWEST_S
    counts: dict[int, int] = field(default_factory=dict)

    def add(self, at: float, posts: int = 1) -> None:
        """Count posts at a time, in seconds since 1970."""
        bucket = int(at // self.width_s)
        self.counts[bucket] = self.counts.get(bucket, 0) + posts
        self._bound()

    def join(self, other: Curve) -> None:
        """Add all that another curve counts."""
        self._widen(other.width_s)
        for bucket, posts in other.counts.items():
            place = bucket * other.width_s // self.width_s
            self.counts[place] = self.counts.get(place, 0) + posts
        self._bound()

    def take_out(self, other: Curve) -> None:
        """Subtract what another curve counts, which this one counted too; never below nothing."""
        self._widen(other.width_s)
        for bucket, posts in other.counts.items():
            place = bucket * other.width_s // self.width_s
            left = self.counts.get(place, 0) - posts
            if left > 0:
                self.counts[place] = left
            else:
                self.counts.pop(place, None)

    def points(self) -> list[tuple[int, int]]:
        """(start in seconds since 1970, posts) of the buckets that are not empty, by time."""
        return [(bucket * self.width_s, posts) for bucket, posts in sorted(self.counts.items())]

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"width_s": self.width_s, "counts": [list(item) for item in self.points()]}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """The curve of what `plain` gave."""
        width = int(plain["width_s"])
        return cls(width, {int(start) // width: int(posts) for start, posts in plain["counts"]})

    def _widen(self, width_s: int) -> None:
        while self.width_s < width_s:
            self.width_s *= 2
            joined: dict[int, int] = {}
            for bucket, posts in self.counts.items():
                joined[bucket // 2] = joined.get(bucket // 2, 0) + posts
            self.counts = joined

    def _bound(self) -> None:
        # The span counts and not the number: who draws the curve draws its empty buckets too.
        while len(self.counts) > 1 and max(self.counts) - min(self.counts) >= MOST_BUCKETS:
            self._widen(self.width_s * 2)
