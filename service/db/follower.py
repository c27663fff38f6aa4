"""The job that keeps what a process holds in memory up with what is saved anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from service.clock import Clock
from service.db.engine import Database

EVERY = timedelta(seconds=1)
"""Every replica follows within 5 s: this, and the time to build."""


class Followed(Protocol):
    """What is held in memory, such as the rules in force."""

    async def is_behind(self) -> bool: ...

    async def refresh(self) -> bool:
        """Read what is new; answers whether anything else is in force now."""
        ...


class Follower:
    """A job of every process that holds `directory`; it comes before the jobs that read it."""

    def __init__(
        self,
        directory: Followed,
        *,
        name: str,
        database: Database,
        clock: Clock,
        every: timedelta | None = EVERY,
    ) -> None:
        """`every` None looks only after this process has written: virtual time."""
        self.name = name
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
        """Look once; answers 1 when something else was swapped in."""
        if self._every is not None:
            self._due = now + self._every
        return int(await self._directory.refresh())
