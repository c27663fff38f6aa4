"""The two traces of what happens to an incident: its own timeline, and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.incidents import repository
from service.incidents.model import SYSTEM_ACTOR


async def trace(
    connection: AsyncConnection,
    incident_id: str,
    kind: str,
    data: Mapping[str, Any],
    *,
    now: datetime,
    actor: str = SYSTEM_ACTOR,
    action: str | None = None,
) -> None:
    """Write both in the caller's transaction.

    The timeline calls it `kind`, the audit trail `action`, which is `incident.KIND` unless said.
    """
    await repository.add_event(connection, incident_id, at=now, kind=kind, actor=actor, data=data)
    await audit.record(
        connection,
        at=now,
        actor=actor,
        action=action or f"incident.{kind}",
        subject_type="incident",
        subject_id=incident_id,
        data=data,
    )
