"""What a drill left in the tables, for its score sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.delivery import DeliveryState
from service.drill.sheet import Scored
from service.incidents import repository as incident_rows
from service.incidents.model import SYSTEM_ACTOR
from service.response import repository as run_rows


async def scored(connection: AsyncConnection, incident_ids: Iterable[str]) -> tuple[Scored, ...]:
    """Each incident as it stands, in the order of opening."""
    found = [await _scored(connection, incident_id) for incident_id in incident_ids]
    return tuple(sorted(found, key=lambda item: (item.incident.opened_at, item.incident.id)))


async def names_of_people(connection: AsyncConnection) -> dict[str, str]:
    """Names of accounts by id."""
    rows = await connection.execute(select(tables.user.c.id, tables.user.c.name))
    return {row.id: row.name for row in rows}


async def _scored(connection: AsyncConnection, incident_id: str) -> Scored:
    incident = await incident_rows.get(connection, incident_id)
    tiers = await incident_rows.tier_history(connection, incident_id)
    stored = await run_rows.find(connection, incident_id)
    made, sent = await _pages(connection, incident_id)
    return Scored(
        incident=incident,
        tiers=tuple((change.tier, change.at) for change in tiers),
        steps=() if stored is None else stored.run.steps,
        deeds=await _deeds(connection, incident_id),
        pages_made=made,
        pages_sent=sent,
    )


async def _deeds(connection: AsyncConnection, incident_id: str) -> dict[str, int]:
    event = tables.incident_event.c
    rows = await connection.execute(
        select(event.actor, func.count())
        .where(event.incident_id == incident_id, event.actor != SYSTEM_ACTOR)
        .group_by(event.actor)
    )
    return {row[0]: row[1] for row in rows}


async def _pages(connection: AsyncConnection, incident_id: str) -> Sequence[Any]:
    """Messages about it that were made for a channel, and those that arrived."""
    outbox, delivery = tables.outbox, tables.delivery
    sent = func.count().filter(delivery.c.state == DeliveryState.SENT.value)
    rows = await connection.execute(
        select(func.count(), sent)
        .select_from(delivery.join(outbox, outbox.c.id == delivery.c.outbox_id))
        .where(outbox.c.incident_id == incident_id)
    )
    return rows.one()
