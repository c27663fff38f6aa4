"""Incidents of kinds without scenarios, found by what they are about: a queue, a person, a post."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.incidents import repository
from service.incidents.model import Incident, Kind

_INCIDENT = tables.incident


async def latest_about(connection: AsyncConnection, kind: Kind, subject: str) -> Incident | None:
    """The newest real incident of that kind about that subject, or None.

    Holds, on PostgreSQL, others who ask for the same subject until the transaction ends, so that
    two replicas do not open two incidents for it; on SQLite one writes at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_lock_key(kind, subject))))
    found = await connection.scalar(
        select(_INCIDENT.c.id)
        .where(
            _INCIDENT.c.kind == kind.value,
            _INCIDENT.c.segment == subject,
            _INCIDENT.c.drill.is_(False),
        )
        .order_by(_INCIDENT.c.opened_at.desc(), _INCIDENT.c.id.desc())
        .limit(1)
    )
    return None if found is None else await repository.get(connection, found)


async def opened_since(
    connection: AsyncConnection, kind: Kind, since: datetime
) -> tuple[Incident, ...]:
    """Real incidents of that kind that were opened at that instant or later, the newest first."""
    ids = await connection.execute(
        select(_INCIDENT.c.id)
        .where(
            _INCIDENT.c.kind == kind.value,
            _INCIDENT.c.drill.is_(False),
            _INCIDENT.c.opened_at >= since,
        )
        .order_by(_INCIDENT.c.opened_at.desc(), _INCIDENT.c.id.desc())
    )
    return tuple([await repository.get(connection, found) for found in ids.scalars().all()])


async def holding_post(connection: AsyncConnection, kind: Kind, post_id: str) -> Incident | None:
    """The newest real incident of that kind that has the post as evidence, or None."""
    frozen = tables.incident_post
    found = await connection.scalar(
        select(_INCIDENT.c.id)
        .join(frozen, frozen.c.incident_id == _INCIDENT.c.id)
        .where(
            _INCIDENT.c.kind == kind.value,
            _INCIDENT.c.drill.is_(False),
            frozen.c.post_id == post_id,
        )
        .order_by(_INCIDENT.c.opened_at.desc(), _INCIDENT.c.id.desc())
        .limit(1)
    )
    return None if found is None else await repository.get(connection, found)


async def happened_since(
    connection: AsyncConnection, incident_id: str, kind: str, since: datetime
) -> bool:
    """Whether the timeline has an entry of that kind after that instant."""
    table = tables.incident_event
    found = await connection.scalar(
        select(table.c.id)
        .where(table.c.incident_id == incident_id, table.c.kind == kind, table.c.at > since)
        .limit(1)
    )
    return found is not None


def _lock_key(kind: Kind, subject: str) -> int:
    """A signed number of 64 bits, as PostgreSQL names its advisory locks."""
    digest = hashlib.sha256(f"{kind.value}\x1f{subject}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
