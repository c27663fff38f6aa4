"""The earliest instant a job waits for, asked of the database only when it may have changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.db import Database

RECHECK = timedelta(seconds=5)


class Horizon:
    """An earliest instant, remembered until this process writes or `recheck` has passed.

    Other processes' writes do not move `Database.generation`; `recheck` bounds how late they are
    seen. None never asks again by itself: for replay, which is alone with its database.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        query: Callable[[AsyncConnection], Awaitable[datetime | None]],
        recheck: timedelta | None = RECHECK,
    ) -> None:
        self._database = database
        self._clock = clock
        self._query = query
        self._recheck = recheck
        self._known: tuple[int, datetime, datetime | None] | None = None

    async def earliest(self) -> datetime | None:
        """The answer of `query`, or the remembered one while it must still be true."""
        now = self._clock.now()
        if self._known is not None:
            generation, asked_at, answer = self._known
            fresh = self._recheck is None or now - asked_at < self._recheck
            if fresh and generation == self._database.generation:
                return answer
        generation = self._database.generation
        async with self._database.read() as connection:
            answer = await self._query(connection)
        self._known = (generation, now, answer)
        return answer
