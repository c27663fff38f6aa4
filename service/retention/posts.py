"""The job that erases old posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select

from service.audit import record
from service.audit.trail import SYSTEM
from service.clock import Clock
from service.db import Database
from service.db.leases import turn
from service.db.tables import incident_post
from service.stores import PostStore

EVERY = timedelta(days=1)
LEASE = "posts.retain"
_AGAIN = timedelta(hours=1)
"""When to look whether the process that holds the lease is done."""


class OldTraces(Protocol):
    """What else was made of posts, and has to go when they are too old."""

    async def forget_before(self, instant: datetime, *, keep: Sequence[str] = ()) -> int: ...


class AllOldTraces:
    """Several of them as one."""

    def __init__(self, *traces: OldTraces) -> None:
        self._traces = traces

    async def forget_before(self, instant: datetime, *, keep: Sequence[str] = ()) -> int:
        """What all of them had."""
        return sum([await trace.forget_before(instant, keep=keep) for trace in self._traces])


class PostRetention:
    """Erases posts published more than `kept` ago; none where `kept` is None.

    Evidence of incidents stays, closed ones included. One replica at a time.
    """

    name = LEASE

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        store: PostStore,
        owner: str,
        kept: timedelta | None,
        traces: OldTraces | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._owner = owner
        self._kept = kept
        self._traces = traces
        self._due = clock.now()

    async def next_at(self) -> datetime | None:
        """Once a day, first at the start; never where everything is kept."""
        return None if self._kept is None else self._due

    async def run(self, now: datetime) -> int:
        """Erase all that is too old; answers how many posts. Raises StoreError."""
        if self._kept is None:
            return 0
        async with turn(self._database, LEASE, owner=self._owner, now=self._clock.now) as ours:
            erased = await self._erase(now, before=now - self._kept) if ours else 0
        self._due = now + (EVERY if ours else _AGAIN)
        return erased

    async def _erase(self, now: datetime, *, before: datetime) -> int:
        async with self._database.read() as connection:
            found = await connection.scalars(
                select(incident_post.c.post_id).distinct().order_by(incident_post.c.post_id)
            )
            evidence = tuple(found)
        erased = await self._store.delete_before(before, keep=evidence)
        if self._traces is not None:
            await self._traces.forget_before(before, keep=evidence)
        if erased:
            async with self._database.write(quiet=True) as connection:
                await record(
                    connection,
                    at=now,
                    actor=SYSTEM,
                    action="posts.expired",
                    subject_type="posts",
                    subject_id="retention",
                    data={"before": before.isoformat(), "posts": erased},
                )
        return erased
