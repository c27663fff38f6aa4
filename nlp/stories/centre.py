"""The middle of a space: what all of its vectors have in common, and so tells nothing.

Embeddings of one model lie close together (two unrelated posts have a cosine of 0.68 with the one
that ships), and those of one brand's posts closer still. Less the mean of the stream their
directions tell posts apart; the mean is learnt as posts come, and followed slowly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HORIZON = 4_000.0
"""So many distinct texts shape the mean."""
_TRUSTED = 50.0
"""After so many the mean is worth as much as words alone."""


class Centre:
    """The running mean of unit vectors, (width,) float64."""

    def __init__(self, width: int, *, mean: NDArray[np.float64] | None = None, seen: float = 0.0):
        """`mean` and `seen` are those of another one, to go on from."""
        self.mean = np.zeros(width) if mean is None else mean
        self.seen = seen

    @property
    def trust(self) -> float:
        """What vectors around this mean are worth, in [0, 1): nothing before the first text."""
        return self.seen / (self.seen + _TRUSTED)

    def add(self, vector: NDArray[np.float32]) -> None:
        """Learn from the unit vector of a distinct text."""
        self.seen = min(self.seen + 1, HORIZON)
        self.mean += (vector - self.mean) / self.seen

    def around(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The unit vector from the mean to this one; zeros where they are the same."""
        rest = vector - self.mean
        length = float(np.linalg.norm(rest))
        if length < 1e-6:
            return np.zeros(len(vector), np.float32)
        direction: NDArray[np.float32] = (rest / length).astype(np.float32)
        return direction
