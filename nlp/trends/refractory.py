"""What has been said once is not said again.

An event of rarity h leaves a memory of that height. Until it has faded, only an event that is
rarer by MARGIN nats passes with its own score; what does not pass is said to be on, at most HELD.
The memory halves in about eight hours, and not while the state it stands for persists.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FADES_IN_S = 12 * 3_600.0
FADES_IN_BUCKETS = 6.0
"""The memory falls to 1/e in the longer of the two."""

REMEMBERED_FROM = 6.0
"""Rarity that is remembered, nats: one bucket in 400."""

MARGIN = 1.0
PERSISTS = 0.6
"""At so large a share of what is remembered, the state is still the same."""

HELD = 4.6
DAMPED = 0.3


@dataclass(slots=True)
class Refractory:
    """The memory of one direction. Mutable."""

    height: float = 0.0

    def passed(self, rarity: float, *, elapsed_s: float, width_s: float) -> tuple[float, bool]:
        """The rarity that may be shown, nats, and whether it was held down."""
        if rarity < PERSISTS * self.height or self.height == 0.0:
            self.height *= math.exp(-elapsed_s / max(FADES_IN_S, FADES_IN_BUCKETS * width_s))
        if self.height >= REMEMBERED_FROM and rarity <= self.height + MARGIN:
            return min(DAMPED * rarity, HELD), rarity > REMEMBERED_FROM
        if rarity > REMEMBERED_FROM:
            self.height = max(self.height, rarity)
        return rarity, False
