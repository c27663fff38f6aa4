"""How much of what is said of a monitor the incidents with a name hold already. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from service.incidents.model import UNCLASSIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """An hour of a segment: its posts, and the negative ones among them."""

    posts: int
    negative: int


def named_share(crowds: Mapping[str, Crowd], named: Collection[str | None]) -> float:
    """Share of the whole monitor's hour (its crowd is `unclassified`) in the named scenarios.

    Of its negative posts, or of all of them where what spreads is mostly not negative. Posts of
    several scenarios count in each, so that it may exceed 1.
    """
    whole = crowds.get(UNCLASSIFIED, Crowd(posts=0, negative=0))
    by_mood = whole.negative * 2 >= whole.posts
    told = sum(
        crowd.negative if by_mood else crowd.posts
        for name, crowd in crowds.items()
        if name != UNCLASSIFIED and name in named
    )
    return told / max(1, whole.negative if by_mood else whole.posts)
