"""The heartbeat: a sign of life each minute, so that somebody outside notices when it stops."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.db import Database
from service.db.tables import delivery, delivery_attempt, outbox
from service.delivery.outbox import enqueue
from service.delivery.render import instant_text
from service.events import EventType

EVERY = timedelta(minutes=1)
KEPT = timedelta(hours=1)
"""How long heartbeats stay in the tables: one a minute for a year is half a million rows."""

Lags = Callable[[], Awaitable[Mapping[str, float]]]
"""Seconds that each stage of the line lags behind, by its name."""


class Heartbeat:
    """A job. The minute is in the id, so that several workers make one heartbeat of it."""

    def __init__(
        self, database: Database, *, clock: Clock, worker: str, version: str, lags: Lags
    ) -> None:
        """`worker` and `version` say who is alive; `lags` how far behind it is."""
        self._database = database
        self._clock = clock
        self._worker = worker
        self._version = version
        self._lags = lags
        self._beaten: datetime | None = None

    @property
    def name(self) -> str:
        return "heartbeat"

    async def next_at(self) -> datetime | None:
        """The next full minute; at once before the first beat."""
        return self._clock.now() if self._beaten is None else self._beaten + EVERY

    async def run(self, now: datetime) -> int:
        """Put the heartbeat of this minute into the outbox and forget old ones."""
        minute = now.replace(second=0, microsecond=0)
        if self._beaten is not None and minute <= self._beaten:
            return 0
        lags = dict(await self._lags())
        async with self._database.write() as connection:
            await enqueue(
                connection,
                type=EventType.SERVICE_HEARTBEAT,
                occurred_at=now,
                incident_id=None,
                tier_rank=None,
                drill=False,
                data={"version": self._version, "worker": self._worker, "lag_s": lags},
                parts=[instant_text(minute)],
            )
            await _forget(connection, before=now - KEPT)
        self._beaten = minute
        return 1


async def _forget(connection: AsyncConnection, *, before: datetime) -> None:
    old = select(outbox.c.id).where(
        outbox.c.type == EventType.SERVICE_HEARTBEAT,
        outbox.c.created_at < before,
    )
    deliveries = select(delivery.c.id).where(delivery.c.outbox_id.in_(old))
    await connection.execute(
        delete(delivery_attempt).where(delivery_attempt.c.delivery_id.in_(deliveries))
    )
    await connection.execute(delete(delivery).where(delivery.c.outbox_id.in_(old)))
    await connection.execute(delete(outbox).where(outbox.c.id.in_(old)))
