"""The job that keeps a process's lexicon up with what is saved anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.clock import Clock
from service.db import Database
from service.lexicon.directory import LexiconDirectory

EVERY = timedelta(seconds=1)
"""Every replica follows within 5 s: this, and the time to build."""


class LexiconFollower:
    """A job of every process that matches texts, the ones without other jobs included."""

    name = "lexicon"

    def __init__(
        self,
        directory: LexiconDirectory,
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
        behind = await self._directory.is_behind()
        if not behind:
            self._generation = generation
            return None
        return self._clock.now()

    async def run(self, now: datetime) -> int:
        """Look once; answers 1 when another lexicon was swapped in."""
        if self._every is not None:
            self._due = now + self._every
        return int(await self._directory.refresh())
