"""How unusual it is that nothing has come for so long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nlp.trends.negative_binomial import surprise_below
from nlp.trends.tail import Tail


@dataclass(slots=True)
class Silence:
    """What the empty buckets since the last post would usually have held. Mutable.

    A series that never had a post is not silent: nothing but a guess says what is missed.
    """

    missed: float = 0.0
    buckets: int = 0
    begun: bool = False
    tail: Tail = field(default_factory=Tail)

    def rarity(self, count: float, *, mean: float, dispersion: Callable[[int], float]) -> float:
        """-ln of the chance of so long a silence, nats, 0 when something came; then learns it.

        `dispersion` answers for a sum of so many buckets.
        """
        if count > 0.0:
            self.missed, self.buckets, self.begun = 0.0, 0, True
            self.tail.learn(0.0)
            return 0.0
        if not self.begun:
            return 0.0
        self.missed += mean
        self.buckets += 1
        surprise = surprise_below(0.0, mean=self.missed, dispersion=dispersion(self.buckets))
        found = self.tail.rarity(surprise)
        self.tail.learn(surprise)
        return found
