"""Deliveries for people to look at: lists, attempts, dead letters, the backlog, sending again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.page import LIMIT, Page, cut
from service.db.tables import delivery, delivery_attempt, outbox
from service.delivery.model import DeliveryState, SendOutcome
from service.errors import NotFound
from service.events import EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one channel. `reason` says why it stands where it stands.

    `fallback_of` is the delivery that it stands in for, `digest` the message that told of it
    among others.
    """

    id: str
    message_id: str
    type: EventType
    occurred_at: datetime
    incident_id: str | None
    drill: bool
    channel_id: str
    state: DeliveryState
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    reason: str | None
    created_at: datetime
    fallback_of: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt, counted from 1 over the whole life of a delivery."""

    number: int
    at: datetime
    outcome: SendOutcome
    status: int | None
    answer: str | None
    duration_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How far behind delivery is: `lag` of the oldest event or delivery that should have gone."""

    unrouted: int
    due: int
    dead: int
    lag: timedelta


class Deliveries:
    """Reads the tables of delivery, and puts a delivery back to be sent again."""

    async def get(self, connection: AsyncConnection, delivery_id: str) -> Delivery:
        """One delivery by its id; raises NotFound."""
        row = (await connection.execute(_all().where(delivery.c.id == delivery_id))).first()
        if row is None:
            raise NotFound(f"there is no delivery {delivery_id!r}")
        return _delivery(row)

    async def page(
        self,
        connection: AsyncConnection,
        *,
        incident_id: str | None = None,
        channel_id: str | None = None,
        states: Collection[DeliveryState] | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Delivery]:
        """Deliveries, newest first; `states=[DEAD]` are the dead letters. Heartbeats are left out.

        `after` is the `next` of the page before, a delivery's id; raises NotFound for any other.
        """
        limit = max(1, min(limit, LIMIT))
        wanted: list[ColumnElement[bool]] = [outbox.c.type != EventType.SERVICE_HEARTBEAT]
        if incident_id is not None:
            wanted.append(outbox.c.incident_id == incident_id)
        if channel_id is not None:
            wanted.append(delivery.c.channel_id == channel_id)
        if states is not None:
            wanted.append(delivery.c.state.in_(states))
        if after is not None:
            last = await self.get(connection, after)
            made = delivery.c.created_at
            earlier_id = and_(made == last.created_at, delivery.c.id < last.id)
            wanted.append(or_(made < last.created_at, earlier_id))
        rows = await connection.execute(
            _all()
            .where(*wanted)
            .order_by(delivery.c.created_at.desc(), delivery.c.id.desc())
            .limit(limit + 1)
        )
        return cut([_delivery(row) for row in rows], limit=limit, key=lambda item: item.id)

    async def attempts(self, connection: AsyncConnection, delivery_id: str) -> tuple[Attempt, ...]:
        """Every attempt at a delivery, oldest first; raises NotFound."""
        await self.get(connection, delivery_id)
        rows = await connection.execute(
            select(*(delivery_attempt.c[name] for name in Attempt.__dataclass_fields__))
            .where(delivery_attempt.c.delivery_id == delivery_id)
            .order_by(delivery_attempt.c.number)
        )
        return tuple(
            Attempt(**{**row._mapping, "outcome": SendOutcome(row.outcome)}) for row in rows
        )

    async def replay(
        self, connection: AsyncConnection, delivery_id: str, *, now: datetime
    ) -> Delivery:
        """Send again at once, from the start of the schedule; what was recorded stays.

        One that is being sent at this moment is left to finish. Raises NotFound. The caller audits.
        """
        await self.get(connection, delivery_id)
        await connection.execute(
            update(delivery)
            .where(
                delivery.c.id == delivery_id,
                or_(delivery.c.lease_until.is_(None), delivery.c.lease_until <= now),
            )
            .values(
                state=DeliveryState.PENDING.value,
                attempts=0,
                next_at=now,
                sent_at=None,
                reason="replayed",
                digest=None,
                lease_owner=None,
                lease_until=None,
            )
        )
        return await self.get(connection, delivery_id)

    async def backlog(self, connection: AsyncConnection, *, now: datetime) -> Backlog:
        """Counts for the metrics and the heartbeat."""
        unrouted = (
            await connection.execute(
                select(func.count(), func.min(outbox.c.created_at)).where(
                    outbox.c.routed_at.is_(None)
                )
            )
        ).one()
        due = (
            await connection.execute(
                select(func.count(), func.min(delivery.c.next_at)).where(
                    delivery.c.state == DeliveryState.PENDING, delivery.c.next_at <= now
                )
            )
        ).one()
        dead = await connection.scalar(
            select(func.count())
            .select_from(delivery.join(outbox, outbox.c.id == delivery.c.outbox_id))
            .where(
                delivery.c.state == DeliveryState.DEAD,
                outbox.c.type != EventType.SERVICE_HEARTBEAT,
            )
        )
        oldest = min((row[1] for row in (unrouted, due) if row[1] is not None), default=now)
        return Backlog(
            unrouted=unrouted[0],
            due=due[0],
            dead=dead or 0,
            lag=max(now - oldest, timedelta(0)),
        )


def _all() -> Select[tuple[object, ...]]:
    return select(
        *(
            delivery.c[name]
            for name in (
                "id",
                "channel_id",
                "state",
                "attempts",
                "next_at",
                "sent_at",
                "reason",
                "created_at",
                "fallback_of",
                "digest",
            )
        ),
        outbox.c.id.label("message_id"),
        *(outbox.c[name] for name in ("type", "occurred_at", "incident_id", "drill")),
    ).join(outbox, outbox.c.id == delivery.c.outbox_id)


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    values = dict(row._mapping)
    values["type"] = EventType(values["type"])
    values["state"] = DeliveryState(values["state"])
    values["drill"] = bool(values["drill"])
    return Delivery(**values)
