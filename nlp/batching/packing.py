"""Which parts go into one batch: what padding costs is bounded, and so is what it wastes."""

from __future__ import annotations

from collections.abc import Sequence

FLOOR = 16
"""Tokens below which a part costs no less: a call has its price."""


def cost(tokens: int) -> int:
    """What a part of so many tokens costs, unpadded."""
    return max(FLOOR, tokens)


class Batch:
    """Counts what a batch would cost, padded to its longest part."""

    def __init__(self, *, budget: int) -> None:
        self._budget = budget
        self._shortest = 0
        self._longest = 0
        self.count = 0

    @property
    def padded(self) -> int:
        """Tokens, padding counted."""
        return self.count * self._longest

    def admits(self, tokens: int) -> bool:
        """Whether a part may join: any first one; then within the budget and of like length."""
        if not self.count:
            return True
        longest = max(self._longest, cost(tokens))
        shortest = min(self._shortest, cost(tokens))
        return longest * (self.count + 1) <= self._budget and longest <= 2 * shortest

    def add(self, tokens: int) -> None:
        """Counts one more."""
        price = cost(tokens)
        self._longest = max(self._longest, price)
        self._shortest = min(self._shortest, price) if self.count else price
        self.count += 1


def packed(sizes: Sequence[int], *, budget: int) -> list[list[int]]:
    """Places in `sizes` (tokens), by batches of at most `budget` padded tokens, shortest first.

    A part above the budget is a batch of its own.
    """
    batches: list[list[int]] = []
    batch = Batch(budget=budget)
    for place in sorted(range(len(sizes)), key=sizes.__getitem__):
        if not batches or not batch.admits(sizes[place]):
            batches.append([])
            batch = Batch(budget=budget)
        batch.add(sizes[place])
        batches[-1].append(place)
    return batches
