"""The router: makes of each event in the outbox one delivery for every channel that wants it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.db import Database
from service.db.horizon import RECHECK, Horizon
from service.db.statement import insert
from service.db.tables import delivery, outbox
from service.delivery.model import (
    ChannelTarget,
    DeliveryState,
    LoadChannels,
    ObserveDelivery,
    OutboxEvent,
    count,
)
from service.delivery.outbox import event_of
from service.delivery.routing import is_answer, recipients, wants
from service.events import EventType
from service.ids import stable_id

BATCH = 200

log = structlog.get_logger(__name__)


class Router:
    """A job. Deliveries and the mark that they were made are one transaction, so none is missed."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        channels: LoadChannels,
        observe: ObserveDelivery = count,
        recheck: timedelta | None = RECHECK,
    ) -> None:
        """`observe` is told ("none", "unheard") for an event that no channel wants."""
        self._database = database
        self._channels = channels
        self._observe = observe
        self._horizon = Horizon(database, clock=clock, query=_oldest_unrouted, recheck=recheck)

    @property
    def name(self) -> str:
        return "router"

    async def next_at(self) -> datetime | None:
        return await self._horizon.earliest()

    async def run(self, now: datetime) -> int:
        """Route every event there is; answers how many deliveries were made."""
        channels = sorted(await self._channels(), key=lambda channel: channel.id)
        made = 0
        while True:
            async with self._database.write() as connection:
                events = await _unrouted(connection)
                for event in events:
                    made += await self._route(connection, event, channels, now)
            if len(events) < BATCH:
                return made

    async def _route(
        self,
        connection: AsyncConnection,
        event: OutboxEvent,
        channels: Sequence[ChannelTarget],
        now: datetime,
    ) -> int:
        alerted: frozenset[str] = frozenset()
        if is_answer(event) and event.incident_id and any(item.alerts for item in channels):
            alerted = await _told_before(connection, event.incident_id)
        rows = [
            {
                "id": stable_id("dlv", event.message.id, channel_id),
                "outbox_id": event.message.id,
                "channel_id": channel_id,
                "state": DeliveryState.PENDING.value,
                "attempts": 0,
                "next_at": now,
                "created_at": now,
                "reason": None if stood_in_for is None else f"stands in for {stood_in_for}",
            }
            for channel_id, stood_in_for in recipients(event, channels, alerted=alerted).items()
        ]
        if rows:
            await connection.execute(
                insert(connection, delivery).on_conflict_do_nothing(index_elements=["id"]), rows
            )
        await connection.execute(
            update(outbox).where(outbox.c.id == event.message.id).values(routed_at=now)
        )
        if not rows and event.message.type is not EventType.SERVICE_HEARTBEAT:
            self._observe("none", "unheard", None)
            log.warning(
                "delivery.nobody_wants",
                event_type=event.message.type.value,
                message=event.message.id,
                incident=event.incident_id,
                drill=event.drill,
                channels={channel.id: wants(channel, event).reason.value for channel in channels},
            )
        return len(rows)


async def _oldest_unrouted(connection: AsyncConnection) -> datetime | None:
    oldest: datetime | None = await connection.scalar(
        select(func.min(outbox.c.created_at)).where(outbox.c.routed_at.is_(None))
    )
    return oldest


async def _told_before(connection: AsyncConnection, incident_id: str) -> frozenset[str]:
    """Channels that were to be told of the incident, their turn as a stand-in included."""
    told = await connection.execute(
        select(delivery.c.channel_id)
        .join(outbox, outbox.c.id == delivery.c.outbox_id)
        .where(outbox.c.incident_id == incident_id)
        .distinct()
    )
    return frozenset(told.scalars())


async def _unrouted(connection: AsyncConnection) -> list[OutboxEvent]:
    rows = await connection.execute(
        select(outbox, outbox.c.id.label("outbox_id"))
        .where(outbox.c.routed_at.is_(None))
        .order_by(outbox.c.created_at, outbox.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return [event_of(row) for row in rows]
