"""The lease on a delivery while it is being sent, and the record of what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.statement import insert
from service.db.storable import storable
from service.db.tables import delivery, delivery_attempt, outbox
from service.delivery.model import DeliveryState, OutboxEvent, SendResult
from service.delivery.outbox import event_of
from service.delivery.retry import Verdict
from service.events import EventType
from service.ids import stable_id

ANSWER_LIMIT = 2048
_PENDING = delivery.c.state == DeliveryState.PENDING
# Events of the same instant go out in the order of the contract: opened before its first step.
_STORY_ORDER = case(
    {member.value: place for place, member in enumerate(EventType)}, value=outbox.c.type
)


PERSONAL = frozenset({EventType.INCIDENT_PAGED, EventType.INCIDENT_UNREACHED})
"""Somebody is asked for: with what names a person these go before all else, and by themselves."""
_PERSONAL = or_(
    outbox.c.person.is_not(None), outbox.c.type.in_(sorted(each.value for each in PERSONAL))
)


class First(StrEnum):
    """Which of the due deliveries is claimed next."""

    WAITING = "waiting"
    """The one that has waited longest."""
    GRAVEST = "gravest"
    """Pages of people, then the gravest tier: for chats, where each message stands for itself."""
    STORY = "story"
    """The same between incidents, but each incident in its own order: for pagers, where an alert
    that is opened after it was resolved never ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that is ours to send until the lease ends. `attempts` counts those before."""

    delivery_id: str
    channel_id: str
    attempts: int
    event: OutboxEvent

    @property
    def personal(self) -> bool:
        """Whether it asks for somebody, and must not vanish in a digest."""
        message = self.event.message
        return message.person is not None or message.type in PERSONAL


async def release(connection: AsyncConnection, *, owner: str) -> int:
    """Give up every lease of `owner`: after a crash its new self need not wait for them to end."""
    freed = await connection.execute(
        update(delivery)
        .where(_PENDING, delivery.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )
    return freed.rowcount


async def earliest_claim(connection: AsyncConnection) -> datetime | None:
    """When the next delivery may be claimed; a leased one counts from the end of its lease."""
    free = select(func.min(delivery.c.next_at)).where(_PENDING, delivery.c.lease_until.is_(None))
    leased = select(func.min(delivery.c.lease_until)).where(
        _PENDING, delivery.c.lease_until.is_not(None)
    )
    instants = [await connection.scalar(free), await connection.scalar(leased)]
    return min((instant for instant in instants if instant is not None), default=None)


async def due_channels(connection: AsyncConnection, *, now: datetime) -> list[str]:
    """Ids of the channels with something to send, the longest waiting first."""
    rows = await connection.execute(
        select(delivery.c.channel_id)
        .where(_claimable(now))
        .group_by(delivery.c.channel_id)
        .order_by(func.min(delivery.c.next_at), delivery.c.channel_id)
    )
    return list(rows.scalars())


async def claim(
    connection: AsyncConnection,
    channel_id: str,
    *,
    owner: str,
    now: datetime,
    until: datetime,
    first: First = First.WAITING,
) -> Claim | None:
    """Lease the next due delivery of a channel until `until`; None when there is none to have."""
    due = and_(delivery.c.channel_id == channel_id, _claimable(now))
    waiting = (delivery.c.next_at, outbox.c.occurred_at, _STORY_ORDER, delivery.c.id)
    grave = (case((_PERSONAL, 0), else_=1), func.coalesce(outbox.c.tier_rank, -1).desc())
    order: tuple[ColumnElement[Any], ...] = waiting
    if first is First.GRAVEST:
        order = (*grave, *waiting)
    elif first is First.STORY:
        gravest = (
            await connection.execute(
                select(outbox.c.incident_id)
                .join(delivery, outbox.c.id == delivery.c.outbox_id)
                .where(due)
                .order_by(*grave, *waiting)
                .limit(1)
            )
        ).first()
        if gravest is not None and gravest.incident_id is not None:
            due = and_(due, outbox.c.incident_id == gravest.incident_id)
    row = (
        await connection.execute(
            select(
                delivery.c.id.label("delivery_id"),
                delivery.c.attempts,
                outbox.c.id.label("outbox_id"),
                *(outbox.c[name] for name in ("type", "occurred_at", "data")),
                *(outbox.c[name] for name in ("incident_id", "tier_rank", "drill")),
                *(outbox.c[name] for name in ("only_channels", "person")),
            )
            .join(outbox, outbox.c.id == delivery.c.outbox_id)
            .where(due)
            .order_by(*order)
            .limit(1)
            .with_for_update(skip_locked=True, of=delivery)
        )
    ).first()
    if row is None:
        return None
    await connection.execute(
        update(delivery)
        .where(delivery.c.id == row.delivery_id)
        .values(lease_owner=owner, lease_until=until)
    )
    return Claim(
        delivery_id=row.delivery_id,
        channel_id=channel_id,
        attempts=row.attempts,
        event=event_of(row),
    )


async def record(
    connection: AsyncConnection,
    claimed: Claim,
    result: SendResult | None,
    verdict: Verdict,
    *,
    owner: str,
    at: datetime,
    reason: str,
    digest: str | None = None,
) -> bool:
    """Keep the attempt and what follows from it; False when the delivery is no longer ours.

    `result` None means that nothing was sent. The attempt is kept in any case, and a success
    counts whoever holds the lease by now: the message did arrive. `digest` is the id of the
    message that told of it among others.
    """
    if result is not None:
        await _keep_attempt(connection, claimed.delivery_id, result, at)
    mine: ColumnElement[bool] = and_(delivery.c.id == claimed.delivery_id, _PENDING)
    if verdict.state is not DeliveryState.SENT:
        mine = and_(mine, delivery.c.lease_owner == owner, delivery.c.attempts == claimed.attempts)
    changed = await connection.execute(
        update(delivery)
        .where(mine)
        .values(
            state=verdict.state.value,
            attempts=claimed.attempts + (result is not None),
            next_at=verdict.next_at,
            sent_at=at if verdict.state is DeliveryState.SENT else None,
            reason=reason,
            digest=digest if verdict.state is DeliveryState.SENT else None,
            lease_owner=None,
            lease_until=None,
        )
    )
    return changed.rowcount == 1


async def hand_over(
    connection: AsyncConnection, claimed: Claim, channel_id: str, *, at: datetime
) -> bool:
    """Send the same message by another channel too; False when that one has it anyway."""
    made = await connection.execute(
        insert(connection, delivery)
        .values(
            id=stable_id("dlv", claimed.event.message.id, channel_id),
            outbox_id=claimed.event.message.id,
            channel_id=channel_id,
            state=DeliveryState.PENDING.value,
            attempts=0,
            next_at=at,
            created_at=at,
            reason=f"stands in for {claimed.channel_id}",
            fallback_of=claimed.delivery_id,
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    return made.rowcount == 1


async def hold_back(connection: AsyncConnection, channel_id: str, *, until: datetime) -> int:
    """Let everything that a channel has due wait until `until`; costs none of it an attempt."""
    held = await connection.execute(
        update(delivery)
        .where(
            _PENDING,
            delivery.c.channel_id == channel_id,
            delivery.c.next_at < until,
            delivery.c.lease_until.is_(None),
        )
        .values(next_at=until)
    )
    return held.rowcount


async def _keep_attempt(
    connection: AsyncConnection, delivery_id: str, result: SendResult, at: datetime
) -> None:
    last = await connection.scalar(
        select(func.max(delivery_attempt.c.number)).where(
            delivery_attempt.c.delivery_id == delivery_id
        )
    )
    await connection.execute(
        delivery_attempt.insert().values(
            delivery_id=delivery_id,
            number=(last or 0) + 1,
            at=at,
            outcome=result.outcome.value,
            status=result.status,
            answer=storable((result.answer or result.reason)[:ANSWER_LIMIT]),
            duration_ms=result.duration_ms,
        )
    )


def _claimable(now: datetime) -> ColumnElement[bool]:
    return and_(
        _PENDING,
        delivery.c.next_at <= now,
        or_(delivery.c.lease_until.is_(None), delivery.c.lease_until <= now),
    )
