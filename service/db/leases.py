"""Leases: one replica at a time does a piece of work, and a fence tells late writers apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.engine import Database
from service.db.statement import insert
from service.db.tables import lease

log = structlog.get_logger(__name__)


async def acquire(
    connection: AsyncConnection, name: str, *, owner: str, now: datetime, ttl: timedelta
) -> int | None:
    """Take or renew the lease `name` until `now + ttl`; its fence, or None while another holds it.

    The fence grows with every change of owner, never with a renewal.
    """
    until = now + ttl
    inserted = await connection.execute(
        insert(connection, lease)
        .values(name=name, owner=owner, until=until, fence=1)
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(lease.c.fence)
    )
    if inserted.first() is not None:
        return 1
    held = (
        await connection.execute(
            select(lease.c.owner, lease.c.fence).where(lease.c.name == name).with_for_update()
        )
    ).one()
    fence: int = held.fence if held.owner == owner else held.fence + 1
    taken = await connection.execute(
        update(lease)
        .where(lease.c.name == name, or_(lease.c.owner == owner, lease.c.until <= now))
        .values(owner=owner, until=until, fence=fence)
    )
    return fence if taken.rowcount == 1 else None


async def holds(connection: AsyncConnection, name: str, *, owner: str, fence: int) -> bool:
    """Whether nobody else has had the lease since `acquire` gave that fence, nor can before commit.

    For the transaction that acts on what was looked at outside of it: a process may have slept
    longer in between than its lease was for.
    """
    mine = (lease.c.name == name, lease.c.owner == owner, lease.c.fence == fence)
    held = await connection.scalar(select(lease.c.fence).where(*mine).with_for_update())
    return held is not None


async def release(connection: AsyncConnection, name: str, *, owner: str, now: datetime) -> None:
    """Let others in at once, e.g. on a clean stop; the fence stays, so that it keeps growing."""
    await connection.execute(
        update(lease).where(lease.c.name == name, lease.c.owner == owner).values(until=now)
    )


TTL = timedelta(seconds=30)
"""How long others wait for work that a killed process was in the middle of."""


@asynccontextmanager
async def turn(
    database: Database, name: str, *, owner: str, now: Callable[[], datetime], ttl: timedelta = TTL
) -> AsyncIterator[bool]:
    """Hold the lease while the block runs, renewed as long as that takes; False: another has it."""
    async with database.write(quiet=True) as connection:
        fence = await acquire(connection, name, owner=owner, now=now(), ttl=ttl)
    if fence is None:
        yield False
        return
    keeper = asyncio.create_task(_keep(database, name, owner=owner, now=now, ttl=ttl))
    try:
        yield True
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper
        async with database.write(quiet=True) as connection:
            await release(connection, name, owner=owner, now=now())


class Tenure:
    """A lease that a process keeps between its pieces of work, until it stops or dies.

    For what has a memory outside the database, such as the pace towards a site: passed from one
    process to the next with every piece of work, there would be two of each.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        *,
        owner: str,
        now: Callable[[], datetime],
        ttl: timedelta = TTL,
    ) -> None:
        self._database = database
        self._name = name
        self._owner = owner
        self._now = now
        self._ttl = ttl
        self._keeper: asyncio.Task[None] | None = None

    async def take(self) -> bool:
        """Whether the work is this process's; any number of its jobs may ask, also at once."""
        if not await self._renew():
            return False
        if not self.is_kept:
            self._keeper = asyncio.create_task(self._go_on(), name=f"tenure of {self._name}")
        return True

    @property
    def is_kept(self) -> bool:
        """Whether it is renewed by itself."""
        return self._keeper is not None and not self._keeper.done()

    async def close(self) -> None:
        """Let others in at once; harmless twice."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper
        try:
            async with self._database.write(quiet=True) as connection:
                await release(connection, self._name, owner=self._owner, now=self._now())
        except (SQLAlchemyError, OSError):
            # Without the database nobody else is at work either, and the lease ends by itself.
            log.warning("lease.not_released", lease=self._name)

    async def _renew(self) -> bool:
        async with self._database.write(quiet=True) as connection:
            fence = await acquire(
                connection, self._name, owner=self._owner, now=self._now(), ttl=self._ttl
            )
        return fence is not None

    async def _go_on(self) -> None:
        """Renew in real time, until another process has the lease."""
        held = True
        while held:
            await asyncio.sleep(self._ttl.total_seconds() / 3)
            try:
                held = await self._renew()
            except (SQLAlchemyError, OSError):
                log.warning("lease.not_renewed", lease=self._name)


async def _keep(
    database: Database, name: str, *, owner: str, now: Callable[[], datetime], ttl: timedelta
) -> None:
    """Renew in real time, also under a virtual clock: there no work lasts long enough."""
    while True:
        await asyncio.sleep(ttl.total_seconds() / 3)
        async with database.write(quiet=True) as connection:
            await acquire(connection, name, owner=owner, now=now(), ttl=ttl)
