"""A clock for tests: a VirtualClock at a fixed instant, and a short way to move it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.clock import VirtualClock

START = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
"""10:00 on a Friday in Shanghai."""


class SteppingClock(VirtualClock):
    """Stands at START until a test steps it."""

    def __init__(self, start: datetime = START) -> None:
        super().__init__(start)

    def step(self, **duration: float) -> datetime:
        """Move ahead by a timedelta's keywords, e.g. `minutes=5`; answers the new instant."""
        self.advance_to(self.now() + timedelta(**duration))
        return self.now()
