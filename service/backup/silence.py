"""What a restored installation must not say again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.tables import delivery, outbox, timer
from service.delivery import DeliveryState

REASON = "waited when the backup was made, and may have been sent since: replay it if it was not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """Deliveries given up, and events that no delivery had been made of."""

    deliveries: int
    events: int


async def silence(connection: AsyncConnection, *, now: datetime) -> Silenced:
    """Give up what waited to be sent when the backup was made; leases of its processes end.

    Deliveries become dead letters, which people see and may replay. Deadlines stay: one that has
    passed since fires, under the id that it would have had before.
    """
    waiting = await connection.execute(
        update(delivery)
        .where(delivery.c.state == DeliveryState.PENDING.value)
        .values(
            state=DeliveryState.DEAD.value,
            reason=REASON,
            next_at=None,
            lease_owner=None,
            lease_until=None,
        )
    )
    unrouted = await connection.execute(
        update(outbox).where(outbox.c.routed_at.is_(None)).values(routed_at=now)
    )
    await connection.execute(
        update(timer)
        .where(timer.c.lease_owner.is_not(None))
        .values(lease_owner=None, lease_until=None)
    )
    return Silenced(deliveries=waiting.rowcount, events=unrouted.rowcount)
