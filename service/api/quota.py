"""Each caller's own quota of texts to classify: a token bucket a principal, in this process.

Kept in memory: with several processes each counts for itself, and a restart begins anew.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from service.errors import TooManyRequests

_SWEEP_FROM = 1_000
"""So many callers are remembered before the ones at rest are forgotten."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Quota:
    """`per_minute` texts, a minute's worth at once after a rest; 0 is no limit.

    A request larger than the whole bucket goes through a full one and is paid off afterwards:
    refused for ever it would never learn why. `monotonic` in seconds.
    """

    def __init__(self, per_minute: int, *, monotonic: Callable[[], float]) -> None:
        self._most = float(per_minute)
        self._rate = per_minute / 60
        self._monotonic = monotonic
        self._buckets: dict[str, _Bucket] = {}

    def take(self, principal: str, texts: int) -> None:
        """Count `texts` against the caller. Raises TooManyRequests saying when to come back."""
        if not self._most:
            return
        bucket = self._filled(principal)
        needed = min(float(texts), self._most)
        # A hair less than a text is rounding, not a text.
        if bucket.left < needed - 1e-6:
            wait = max(1, math.ceil((needed - bucket.left) / self._rate))
            raise TooManyRequests(
                f"{self._most:.0f} texts a minute are allowed to this key and {texts} more would "
                f"pass that; send them again in {wait} s, or ask the operator for more "
                "(FENGSUI_CLASSIFY_PER_MINUTE)",
                retry_after=wait,
            )
        bucket.left -= texts

    def give_back(self, principal: str, texts: int) -> None:
        """Undo a `take`: the texts were not looked at after all."""
        if self._most:
            bucket = self._filled(principal)
            bucket.left = min(self._most, bucket.left + texts)

    def _filled(self, principal: str) -> _Bucket:
        now = self._monotonic()
        bucket = self._buckets.get(principal)
        if bucket is None:
            if len(self._buckets) >= _SWEEP_FROM:
                self._sweep(now)
            bucket = self._buckets[principal] = _Bucket(self._most, now)
        bucket.left = min(self._most, bucket.left + (now - bucket.at) * self._rate)
        bucket.at = now
        return bucket

    def _sweep(self, now: float) -> None:
        """Forget full buckets: a new one is just as full."""
        self._buckets = {
            principal: bucket
            for principal, bucket in self._buckets.items()
            if bucket.left + (now - bucket.at) * self._rate < self._most
        }
