"""Pages: made in the outbox with their trace, and taken back while they are still on their way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.committed import when_committed
from service.db.statement import insert
from service.delivery import DeliveryState, outbox
from service.events import EventType
from service.incidents import Incident
from service.incidents.trail import trace
from service.incidents.view import told_details, told_view
from service.metrics import pages as pages_made
from service.oncall.roster import Call, Calls


class Why(StrEnum):
    """Why somebody is paged; a metric label."""

    ESCALATION = "escalation"
    LAPSED = "lapsed"
    """Whoever acknowledged has done nothing for as long as the lease is."""
    STEP_LATE = "step_late"
    SEAT = "seat"
    """They are wanted in the emergency team."""
    DEPUTY = "deputy"
    """They are, because whoever was asked first has not come."""


async def make(
    connection: AsyncConnection,
    incident: Incident,
    calls: Calls,
    *,
    why: Why,
    parts: Sequence[str],
    now: datetime,
    public_url: str,
    escalation_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Page everyone that `calls` names, one message each; answers how many. `parts` name the page.

    The same page made twice is one.
    """
    wanted: list[Call | None] = list(calls.calls)
    if calls.everybody:
        wanted.append(None)
    said = told_details(incident, details or {})
    for call in wanted:
        person = None if call is None else call.person
        told = {**said, "why": why.value, "person": person}
        whom = "everybody" if call is None else person or call.channels[0]
        message = await outbox.enqueue(
            connection,
            type=EventType.INCIDENT_PAGED,
            occurred_at=now,
            incident_id=incident.id,
            tier_rank=incident.tier_rank,
            drill=incident.drill,
            data={"incident": told_view(incident, public_url=public_url), "page": told},
            parts=[incident.id, *parts, whom],
            only_channels=None if call is None else call.channels,
            person=None if call is None else call.user,
        )
        await connection.execute(
            insert(connection, tables.page)
            .values(
                id=message,
                incident_id=incident.id,
                escalation_id=escalation_id,
                persons=[] if person is None else [person],
                why=why.value,
                at=now,
            )
            .on_conflict_do_nothing(index_elements=["id"])
        )
        if not incident.drill:
            when_committed(connection, pages_made.labels(why=why.value).inc)
    data = {
        "why": why.value,
        "persons": [call.person for call in calls.calls if call.person is not None],
        "channels": sorted({name for call in calls.calls for name in call.channels}),
        "everybody": calls.everybody,
        "missing": {target: reason.value for target, reason in calls.missing.items()},
        **(details or {}),
    }
    await trace(connection, incident.id, "paged" if wanted else "paged_nobody", data, now=now)
    return len(wanted)


async def withdraw(
    connection: AsyncConnection,
    *,
    now: datetime,
    reason: str,
    escalation_id: str | None = None,
    incident_id: str | None = None,
) -> int:
    """Take back what has not arrived yet, of an escalation or of an incident; answers how many.

    A message that is on the wire at this moment may still arrive.
    """
    table, delivery = tables.page, tables.delivery
    of = (
        table.c.incident_id == incident_id
        if escalation_id is None
        else table.c.escalation_id == escalation_id
    )
    standing = list(
        (
            await connection.execute(select(table.c.id).where(of, table.c.withdrawn_at.is_(None)))
        ).scalars()
    )
    if not standing:
        return 0
    await connection.execute(
        update(tables.outbox)
        .where(tables.outbox.c.id.in_(standing), tables.outbox.c.routed_at.is_(None))
        .values(routed_at=now)
    )
    taken = await connection.execute(
        update(delivery)
        .where(
            delivery.c.outbox_id.in_(standing),
            delivery.c.state == DeliveryState.PENDING.value,
        )
        .values(
            state=DeliveryState.WITHDRAWN.value,
            next_at=None,
            reason=reason,
            lease_owner=None,
            lease_until=None,
        )
    )
    await connection.execute(update(table).where(table.c.id.in_(standing)).values(withdrawn_at=now))
    return taken.rowcount
