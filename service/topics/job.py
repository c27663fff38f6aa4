"""The job that does the fits that people asked for, one at a time, in one process."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.clock import Clock
from service.db import Database
from service.db.leases import turn
from service.topics import repository
from service.topics.running import FitRunner

LEASE = "topics"
_WAIT = timedelta(seconds=15)
"""Before asking again for a turn that another process has."""


class TopicFits:
    """A fit that a dead process left is done anew from its posts: it has no state between."""

    name = "topics"

    def __init__(self, *, database: Database, clock: Clock, runner: FitRunner, owner: str) -> None:
        self._database = database
        self._clock = clock
        self._runner = runner
        self._owner = owner
        self._generation = -1
        self._pending = False
        self._not_before: datetime | None = None

    async def next_at(self) -> datetime | None:
        if self._generation != self._database.generation or not self._database.is_sqlite:
            generation = self._database.generation
            async with self._database.read() as connection:
                self._pending = await repository.first_open(connection) is not None
            self._generation = generation
        if not self._pending:
            return None
        now = self._clock.now()
        return now if self._not_before is None else max(now, self._not_before)

    async def run(self, now: datetime) -> int:
        """Do the oldest fit that waits; answers 1 when there was one and the turn was ours."""
        async with turn(self._database, LEASE, owner=self._owner, now=self._clock.now) as mine:
            self._not_before = None if mine else now + _WAIT
            if not mine:
                return 0
            async with self._database.read() as connection:
                version = await repository.first_open(connection)
            if version is None:
                return 0
            # Should the post store fail, everybody waits before the next try.
            self._not_before = now + _WAIT
            await self._runner.run(version)
            self._not_before = None
            return 1
