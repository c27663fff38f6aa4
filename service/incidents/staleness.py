"""Two people at once: the later one hears what the other did."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.errors import Conflict
from service.incidents.model import Incident
from service.incidents.view import format_instant

_SHOWN = 3


async def require_version(
    connection: AsyncConnection, incident: Incident, version: int | None
) -> None:
    """Raise Conflict for an edit of another version than there is, naming the newest changes.

    None expects nothing.
    """
    if version is None or version == incident.version:
        return
    event = tables.incident_event
    rows = await connection.execute(
        select(event.c.kind, event.c.actor, event.c.at)
        .where(event.c.incident_id == incident.id)
        .order_by(event.c.id.desc())
        .limit(_SHOWN)
    )
    changes = ", ".join(f"{row.kind} by {row.actor} at {format_instant(row.at)}" for row in rows)
    raise Conflict(
        f"incident {incident.id} has changed since version {version}: it is "
        f"{incident.state.value}, tier {incident.tier}, version {incident.version}; "
        f"the newest changes: {changes or 'none'}; load it again"
    )
