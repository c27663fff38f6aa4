"""The job that forgets what authors' accounts no longer say."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.clock import Clock
from service.db import Database
from service.moderation.accounts import Accounts

EVERY = timedelta(hours=1)


class FadedAccounts:
    """Deletes counters to which nothing was added for `FORGOTTEN_AFTER`; one process is enough."""

    name = "accounts.forget"

    def __init__(self, database: Database, *, clock: Clock, accounts: Accounts) -> None:
        self._database = database
        self._accounts = accounts
        self._due = clock.now()

    async def next_at(self) -> datetime | None:
        """Once an hour: nothing depends on the minute at which a count of nothing goes."""
        return self._due

    async def run(self, now: datetime) -> int:
        """Forget all that has faded; answers how many counters."""
        async with self._database.write(quiet=True) as connection:
            gone = await self._accounts.forget(connection, now=now)
        self._due = now + EVERY
        return gone
