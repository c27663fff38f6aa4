"""The job that keeps a process's rules up with what is saved anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.clock import Clock
from service.db import Database
from service.rules.directory import RuleDirectory

EVERY = timedelta(seconds=1)


class RuleFollower:
    """A job of every process that evaluates rules; it comes before the tick."""

    name = "rules"

    def __init__(
        self,
        directory: RuleDirectory,
        *,
        database: Database,
        clock: Clock,
        every: timedelta | None = EVERY,
    ) -> None:
        """`every` None looks only after this process has written: virtual time."""
        self._directory = directory
        self._database = database
        self._clock = clock
        self._every = every
        self._generation = -1
        self._due = clock.now()

    async def next_at(self) -> datetime | None:
        if self._every is not None:
            return self._due
        if self._generation == self._database.generation:
            return None
        generation = self._database.generation
        if await self._directory.is_behind():
            return self._clock.now()
        self._generation = generation
        return None

    async def run(self, now: datetime) -> int:
        """Look once; answers 1 when other rules are in force."""
        if self._every is not None:
            self._due = now + self._every
        return int(await self._directory.refresh())
