"""Who has read what is private: kept in the audit trail before anything is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from service import audit
from service.auth import Principal
from service.db import Database, tables
from service.incidents.model import Incident

READ = "incident.read"
ONE_VISIT = timedelta(minutes=10)
"""An open page reads again with each change: within this time that is one visit, and one row."""
_LOOK_BACK = 2_000
"""Rows at the end of the trail in which that row is looked for; the trail has no other index."""


async def keep_reading(
    database: Database, principal: Principal, incident: Incident, *, now: datetime
) -> None:
    """Write down that somebody reads a private incident; of any other one, nothing is kept."""
    if not incident.is_private:
        return
    # Quiet: nothing that jobs or pages wait for has changed.
    async with database.write(quiet=True) as connection:
        row = tables.audit_entry.c
        newest = select(func.max(row.id)).scalar_subquery()
        known = await connection.scalar(
            select(row.id)
            .where(
                row.id > newest - _LOOK_BACK,
                row.actor == principal.id[:64],
                row.action == READ,
                row.subject_id == incident.id,
                row.at > now - ONE_VISIT,
            )
            .limit(1)
        )
        if known is None:
            await audit.record(
                connection,
                at=now,
                actor=principal.id,
                action=READ,
                subject_type="incident",
                subject_id=incident.id,
                data={"kind": incident.kind.value},
            )
