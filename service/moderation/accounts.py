"""Authors' counters in the state database: keyed pseudonyms, decayed counts, nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.db import Database
from service.db.statement import insert
from service.db.tables import account_signal
from service.moderation.policies import Indicator
from service.moderation.standing import HALF_LIFE, count_of, mass_of

FORGOTTEN_AFTER: timedelta = 13 * HALF_LIFE
"""Half a year: what an event then counts is nothing (1 in 8,000)."""

Counts = dict[Indicator, float]


class Accounts:
    """Reads and adds to the counters of authors."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def counts(self, authors: Collection[str]) -> dict[str, Counts]:
        """Decayed counts by pseudonym; authors without any are missing."""
        found: dict[str, Counts] = {}
        if not authors:
            return found
        now = self._clock.now()
        columns = account_signal.c
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(columns.author, columns.indicator, columns.mass).where(
                    columns.author.in_(sorted(authors))
                )
            )
        known = set(Indicator)
        for author, indicator, mass in rows:
            if indicator in known:
                found.setdefault(author, {})[Indicator(indicator)] = count_of(mass, now=now)
        return found

    async def add(
        self,
        connection: AsyncConnection,
        events: Mapping[tuple[str, Indicator], float],
        *,
        at: datetime,
    ) -> None:
        """Count events by (pseudonym, indicator), in the caller's transaction."""
        # In one order everywhere, or two transactions could wait for one another.
        for (author, indicator), number in sorted(events.items()):
            statement = insert(connection, account_signal).values(
                author=author, indicator=indicator.value, mass=mass_of(number, at=at), updated_at=at
            )
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["author", "indicator"],
                    set_={
                        "mass": account_signal.c.mass + statement.excluded.mass,
                        "updated_at": at,
                    },
                )
            )

    async def note(
        self, connection: AsyncConnection, author: str, indicator: Indicator, *, at: datetime
    ) -> None:
        """Count one event: a person's verdict against the author, or an appeal that was won."""
        await self.add(connection, {(author, indicator): 1.0}, at=at)

    async def forget(self, connection: AsyncConnection, *, now: datetime) -> int:
        """Delete the counters that have faded; answers how many."""
        gone = await connection.execute(
            delete(account_signal).where(account_signal.c.updated_at < now - FORGOTTEN_AFTER)
        )
        return gone.rowcount
