"""The sealer: chains audit rows one after the other, soon after they were written.

Rows are appended unchained because a chain inside every transaction would be one global lock.
`sequence` is the order of sealing; on PostgreSQL it may differ from the order of ids.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit.entry import GENESIS, chain_hash
from service.audit.trail import read
from service.db import Database
from service.db.leases import acquire
from service.db.tables import audit_entry

LEASE = "audit.sealer"
BATCH = 500


class Sealer:
    """A job, due `delay` after the oldest unsealed row; one replica at a time does it."""

    name = "audit.seal"

    def __init__(
        self,
        database: Database,
        *,
        owner: str,
        delay: timedelta = timedelta(seconds=5),
        lease: timedelta = timedelta(minutes=1),
    ) -> None:
        self._database = database
        self._owner = owner
        self._delay = delay
        self._lease = lease
        self._not_before: datetime | None = None
        self._known: tuple[int, datetime | None] = (-1, None)

    async def next_at(self) -> datetime | None:
        """`delay` after the oldest unsealed row; later when another replica holds the lease."""
        oldest = await self._oldest()
        if oldest is None:
            return None
        due = oldest + self._delay
        return due if self._not_before is None else max(due, self._not_before)

    async def _oldest(self) -> datetime | None:
        known_at, known = self._known
        if self._database.is_sqlite and known_at == self._database.generation:
            return known
        generation = self._database.generation
        async with self._database.read() as connection:
            oldest: datetime | None = await connection.scalar(
                select(func.min(audit_entry.c.at)).where(audit_entry.c.sequence.is_(None))
            )
        self._known = (generation, oldest)
        return oldest

    async def run(self, now: datetime) -> int:
        """Seal everything that is unsealed; answers how many rows."""
        sealed = 0
        while True:
            async with self._database.write() as connection:
                fence = await acquire(
                    connection, LEASE, owner=self._owner, now=now, ttl=self._lease
                )
                count = 0 if fence is None else await _seal_batch(connection)
            self._not_before = now + self._delay if fence is None else None
            sealed += count
            if count < BATCH:
                return sealed


async def _seal_batch(connection: AsyncConnection) -> int:
    last = (
        await connection.execute(
            select(audit_entry.c.sequence, audit_entry.c.hash)
            .where(audit_entry.c.sequence.is_not(None))
            .order_by(audit_entry.c.sequence.desc())
            .limit(1)
        )
    ).first()
    sequence, previous = (0, GENESIS) if last is None else (last.sequence, last.hash)
    rows = await connection.execute(
        select(audit_entry)
        .where(audit_entry.c.sequence.is_(None))
        .order_by(audit_entry.c.id)
        .limit(BATCH)
    )
    links = []
    for entry in map(read, rows):
        sequence += 1
        digest = chain_hash(entry, sequence=sequence, previous=previous)
        links.append({"row": entry.id, "place": sequence, "previous": previous, "digest": digest})
        previous = digest
    if links:
        await connection.execute(
            update(audit_entry)
            .where(audit_entry.c.id == bindparam("row"))
            .values(
                sequence=bindparam("place"),
                previous_hash=bindparam("previous"),
                hash=bindparam("digest"),
            ),
            links,
        )
    return len(links)
