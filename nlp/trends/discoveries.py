"""Which of many scores of one tick stand, when hundreds of series are watched at once.

Of a thousand calm series ten reach a score of 0.9 at every tick. The step-up rule orders the
chances of all series, p(1) <= … <= p(m), and keeps those up to the largest k with

    p(k) <= rate k / m                       Benjamini and Hochberg 1995
    p(k) <= rate k / (m (1 + 1/2 + … + 1/m))  Benjamini and Yekutieli 2001

so that at most `rate` of what is kept is expected to be chance. The first holds for series that are
independent or move together, the second for any dependence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum


class Dependence(StrEnum):
    """How the series of one tick may hang together."""

    POSITIVE = "positive"
    ANY = "any"


def discoveries(
    scores: Sequence[float],
    *,
    rate: float = 0.05,
    dependence: Dependence = Dependence.POSITIVE,
) -> tuple[bool, ...]:
    """Whether each score (1 - sqrt(p), of one series each) stands, in the order given.

    Raises ValueError for a score outside [0, 1] or a rate outside (0, 1).
    """
    if not 0.0 < rate < 1.0:
        raise ValueError(f"the rate of false discoveries lies between 0 and 1, not at {rate}")
    if not all(0.0 <= score <= 1.0 for score in scores):
        raise ValueError("scores lie in [0, 1]")
    chances = [(1.0 - score) ** 2 for score in scores]
    allowed = rate / max(1, len(chances))
    if dependence is Dependence.ANY:
        allowed /= max(1.0, math.fsum(1.0 / place for place in range(1, len(chances) + 1)))
    highest = -1.0
    for place, chance in enumerate(sorted(chances), start=1):
        if chance <= allowed * place:
            highest = chance
    return tuple(chance <= highest for chance in chances)
