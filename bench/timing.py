"""Latencies as people quote them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Milliseconds from the request to its whole answer."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Self:
        """The percentiles of latencies in seconds."""
        p50, p95, p99 = (1000 * percentile(seconds, share) for share in (0.5, 0.95, 0.99))
        return cls(p50=p50, p95=p95, p99=p99)

    @classmethod
    def median(cls, rounds: Sequence[Self]) -> Self:
        """Each percentile's median over the rounds."""
        return cls(
            p50=statistics.median(one.p50 for one in rounds),
            p95=statistics.median(one.p95 for one in rounds),
            p99=statistics.median(one.p99 for one in rounds),
        )

    def __str__(self) -> str:
        return f"{self.p50:7.1f} {self.p95:7.1f} {self.p99:7.1f}"
