"""How much a word tells: rare ones a lot, those of every post nothing.

In bits: log2(N / n) of N posts of which n hold the word (inverse document frequency, Spärck Jones
1972). N and n are those of ordinary posts, which ship, and of the distinct texts seen so far, which
fade: when there are MOST_SEEN all counts are halved.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_BUCKETS = 1 << 16
MOST_SEEN = 100_000
_PRIOR = 5_000
"""What the ordinary posts count for, whatever their number."""
_UNLISTED = 0.2
"""In how many of those a word stands that the table leaves out as too rare."""


@lru_cache(maxsize=65_536)
def place_of(word: str) -> int:
    """A 32-bit hash of the word, the same in every process."""
    # No checksum: theirs of words that differ in one place collide together.
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "little")


class Commonness:
    """Counts words of distinct texts; constant memory, since words share counters by hash."""

    def __init__(self, counts: Mapping[str, int], *, posts: int) -> None:
        """`counts`: in how many of `posts` ordinary posts each word stands."""
        self._known = counts
        self._scale = _PRIOR / max(posts, 1)
        self._seen = np.zeros(_BUCKETS, np.float32)
        self._texts = 0.0

    def add(self, words: Iterable[str]) -> None:
        """Count one distinct text that holds these words."""
        for word in words:
            self._seen[place_of(word) % _BUCKETS] += 1
        self._texts += 1
        if self._texts >= MOST_SEEN:
            self._seen *= 0.5
            self._texts /= 2

    def bits(self, word: str) -> float:
        """What the word tells, in bits, from 0."""
        listed = self._known.get(word)
        known = _UNLISTED if listed is None else listed * self._scale
        seen = float(self._seen[place_of(word) % _BUCKETS])
        return max(0.0, math.log2((_PRIOR + self._texts) / (known + seen + 0.5)))

    @property
    def state(self) -> tuple[float, NDArray[np.float32]]:
        """The number of texts, and the counters, (65,536,) float32."""
        return self._texts, self._seen

    def recall(self, texts: float, seen: NDArray[np.float32]) -> None:
        """Go on from such a state. Raises ValueError for counters of another number."""
        if seen.shape != self._seen.shape:
            raise ValueError(f"{len(seen)} counters were kept, {_BUCKETS} are needed: start anew")
        self._texts, self._seen = texts, seen.copy()
