"""One word on how well the sources are seen, for the dot on every page."""

from __future__ import annotations

from enum import StrEnum

from service.clock import Clock
from service.coverage import ALARMING, Coverage
from service.coverage.canary import CanaryHealth

_FRESH_S = 15.0


class Health(StrEnum):
    """`blind`: of some source silence means nothing; `late`: posts or pulls are behind."""

    FINE = "fine"
    LATE = "late"
    BLIND = "blind"


class HealthWatch:
    """The health of now, at most 15 s old: every page shows it, one query serves all."""

    def __init__(self, coverage: Coverage, clock: Clock) -> None:
        self._coverage = coverage
        self._clock = clock
        self._read_at = float("-inf")
        self._health = Health.FINE

    async def now(self) -> Health:
        """The worst that is so of any source."""
        if self._clock.monotonic() - self._read_at >= _FRESH_S:
            self._read_at = self._clock.monotonic()
            self._health = await self._read()
        return self._health

    async def _read(self) -> Health:
        overview = await self._coverage.overview()
        if any(feed.condition.sight in ALARMING for feed in overview.feeds):
            return Health.BLIND
        missed = any(objective.missed for objective in overview.standing.objectives)
        if missed or overview.canary.health(overview.at) is CanaryHealth.LATE:
            return Health.LATE
        return Health.FINE
