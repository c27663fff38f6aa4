"""How many fetches were due, and how many of them brought an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawlers import Outcome

GOOD = frozenset({Outcome.OK, Outcome.OK_EMPTY, Outcome.NOT_MODIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """`collected` of the fetches that were `due` ended well and were stored."""

    due: int
    collected: int

    @property
    def share(self) -> float | None:
        return self.collected / self.due if self.due else None


def missed(since: datetime, until: datetime, interval: timedelta) -> int:
    """Fetches that were due between two pulls and never made: each interval beyond the first.

    Waiting after a failure counts too: the posts of that time came late all the same.
    """
    return max(0, int((until - since) / interval) - 1)
