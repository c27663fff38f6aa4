"""Whether pages have arrived: what the deliveries of an incident say."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.delivery import DeliveryState, SendOutcome
from service.events import EventType

PAGES = (EventType.INCIDENT_PAGED, EventType.INCIDENT_UNREACHED)
NEWS = (EventType.INCIDENT_OPENED, EventType.INCIDENT_TIER_CHANGED)
"""The page itself where an escalation began without one: nobody is named for its first step."""
YOUNG = timedelta(minutes=1)
"""A page has so long to arrive before it is held against the news that went before it."""


async def was_paged(
    connection: AsyncConnection,
    incident_id: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> bool:
    page = tables.page.c
    query = select(page.id).where(page.incident_id == incident_id)
    if since is not None:
        query = query.where(page.at >= since)
    if until is not None:
        query = query.where(page.at <= until)
    return await connection.scalar(query.limit(1)) is not None


async def arrived(
    connection: AsyncConnection, incident_id: str, since: datetime, *, now: datetime
) -> bool:
    """Whether a page that was made since then was taken by its receiver.

    News that a machine took wakes nobody who was paged: it counts where there was no page.
    """
    paged = await was_paged(connection, incident_id, since=since, until=now - YOUNG)
    counted = PAGES if paged else PAGES + NEWS
    box, delivery, attempt = tables.outbox, tables.delivery, tables.delivery_attempt
    taken = select(attempt.c.id).where(
        attempt.c.delivery_id == delivery.c.id, attempt.c.outcome == SendOutcome.SENT.value
    )
    found = await connection.scalar(
        select(delivery.c.id)
        .join(box, box.c.id == delivery.c.outbox_id)
        .where(
            box.c.incident_id == incident_id,
            box.c.occurred_at >= since,
            box.c.type.in_([kind.value for kind in counted]),
            or_(delivery.c.state == DeliveryState.SENT.value, taken.exists()),
        )
        .limit(1)
    )
    return found is not None
