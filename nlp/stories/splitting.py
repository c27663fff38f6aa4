"""Whether a story is two: a sample of its texts in two parts that say different things."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_TEXTS = 8
LEAST_PART = 3
_ROUNDS = 8


def parts_of(texts: NDArray[np.float32], *, below: float) -> tuple[int, ...] | None:
    """The places of the smaller part, ascending; None while the texts are one story.

    `texts`: (texts, width) float32 of unit length. The two least near begin the parts, and each
    text goes to the nearer mean until none moves (spherical 2-means). They are two when each has
    LEAST_PART texts and the mean cosine between texts of the one and of the other is less than
    `below`. Of equal parts the one without the first text is the smaller.
    """
    if len(texts) < LEAST_TEXTS:
        return None
    cosines = texts @ texts.T
    first, second = divmod(int(np.argmin(cosines)), len(texts))
    means = texts[[first, second]]
    sides = np.zeros(len(texts), np.int64)
    for _ in range(_ROUNDS):
        moved = np.argmax(texts @ means.T, axis=1)
        if not 0 < moved.sum() < len(texts):
            return None
        means = np.stack([_direction(texts[moved == side]) for side in (0, 1)])
        if (moved == sides).all():
            break
        sides = moved
    sizes = np.bincount(moved, minlength=2)
    if sizes.min() < LEAST_PART or float(cosines[moved == 0][:, moved == 1].mean()) >= below:
        return None
    smaller = int(np.argmin(sizes)) if sizes[0] != sizes[1] else 1 - int(moved[0])
    return tuple(np.flatnonzero(moved == smaller).tolist())


def same_part(before: frozenset[str], now: frozenset[str]) -> bool:
    """Whether two reviews would split off the same: most texts of both are common."""
    return len(before & now) * 2 > len(before | now)


def _direction(texts: NDArray[np.float32]) -> NDArray[np.float32]:
    total = texts.sum(axis=0)
    length = np.linalg.norm(total)
    direction: NDArray[np.float32] = total / np.maximum(length, np.float32(1e-9))
    return direction
