"""The job that forgets rows of the state that nobody needs any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Sessions
from service.clock import Clock
from service.db import Database
from service.db.changes import prune as prune_changes
from service.db.leases import turn
from service.db.tables import delivery, delivery_attempt, outbox
from service.delivery import DeliveryState, proofs

EVERY = timedelta(hours=6)
CHANGES_KEPT = timedelta(days=7)
"""No replica is that far behind: they look every second."""
PROOFS_KEPT = timedelta(days=30)
"""Links live for a day; providers repeat what they send for a few."""
LEASE = "state.prune"


class Pruning:
    """Forgets ended sessions, old changes and proofs, and events sent `deliveries_kept` ago.

    What still waits to be sent stays, however old. One replica at a time.
    """

    name = LEASE

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        sessions: Sessions,
        owner: str,
        deliveries_kept: timedelta,
        at_once: int = 500,
    ) -> None:
        """`at_once` events go in one transaction: on SQLite other writers wait for it."""
        self._database = database
        self._clock = clock
        self._sessions = sessions
        self._owner = owner
        self._deliveries_kept = deliveries_kept
        self._at_once = at_once
        self._due = clock.now()

    async def next_at(self) -> datetime | None:
        """Four times a day, first at the start."""
        return self._due

    async def run(self, now: datetime) -> int:
        """Forget all that has had its time; answers how many rows of these kinds."""
        self._due = now + EVERY
        async with turn(self._database, LEASE, owner=self._owner, now=self._clock.now) as ours:
            if not ours:
                return 0
            sessions = await self._sessions.prune()
            async with self._database.write(quiet=True) as connection:
                changes = await prune_changes(connection, now=now, older_than=CHANGES_KEPT)
                used = await proofs.prune(connection, before=now - PROOFS_KEPT)
            events = await self._forget_events(now - self._deliveries_kept)
            return sessions + changes + used + events

    async def _forget_events(self, before: datetime) -> int:
        forgotten = 0
        while True:
            async with self._database.write(quiet=True) as connection:
                some = await _old_events(connection, before=before, most=self._at_once)
                await _forget(connection, some)
            forgotten += len(some)
            if len(some) < self._at_once:
                return forgotten


async def _old_events(connection: AsyncConnection, *, before: datetime, most: int) -> list[str]:
    waiting = exists().where(
        delivery.c.outbox_id == outbox.c.id, delivery.c.state == DeliveryState.PENDING.value
    )
    found = await connection.scalars(
        select(outbox.c.id)
        .where(outbox.c.created_at < before, outbox.c.routed_at.is_not(None), ~waiting)
        .order_by(outbox.c.created_at)
        .limit(most)
    )
    return list(found)


async def _forget(connection: AsyncConnection, events: list[str]) -> None:
    theirs = select(delivery.c.id).where(delivery.c.outbox_id.in_(events))
    await connection.execute(
        delete(delivery_attempt).where(delivery_attempt.c.delivery_id.in_(theirs))
    )
    await connection.execute(delete(delivery).where(delivery.c.outbox_id.in_(events)))
    await connection.execute(delete(outbox).where(outbox.c.id.in_(events)))
