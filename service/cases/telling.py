"""News of casework for the outside: events of the incident, and words to single persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.delivery import outbox
from service.events import EventType
from service.incidents import Incident
from service.incidents.view import told_details, told_view
from service.oncall.books import load_roster
from service.oncall.model import Target, TargetKind
from service.oncall.roster import Call, Roster, calls_for


async def tell_all(
    connection: AsyncConnection,
    incident: Incident,
    event: EventType,
    details: Mapping[str, Any],
    *,
    parts: Sequence[str],
    now: datetime,
    public_url: str,
) -> None:
    """Tell whoever wants events of that type; of a private incident without what people said."""
    await outbox.enqueue(
        connection,
        type=event,
        occurred_at=now,
        incident_id=incident.id,
        tier_rank=incident.tier_rank,
        drill=incident.drill,
        data={
            "incident": told_view(incident, public_url=public_url),
            **told_details(incident, details),
        },
        parts=[incident.id, *parts],
    )


async def tell_person(
    connection: AsyncConnection,
    incident: Incident,
    person: str,
    event: EventType,
    details: Mapping[str, Any],
    *,
    parts: Sequence[str],
    now: datetime,
    public_url: str,
    roster: Roster | None = None,
) -> bool:
    """Tell one user at the first channel of theirs that is awake; False where there is none.

    Quiet hours hold: it is news, not a page.
    """
    known = roster if roster is not None else await load_roster(connection)
    call = _call_of(known, person, at=now)
    if call is None:
        return False
    await outbox.enqueue(
        connection,
        type=event,
        occurred_at=now,
        incident_id=incident.id,
        tier_rank=incident.tier_rank,
        drill=incident.drill,
        data={
            "incident": told_view(incident, public_url=public_url),
            **told_details(incident, details),
        },
        parts=[incident.id, *parts, person],
        only_channels=call.channels,
        person=person,
    )
    return True


def _call_of(roster: Roster, person: str, *, at: datetime) -> Call | None:
    """The contact whose account it is, and the channel to reach them at now."""
    for name, contact in sorted(roster.contacts.items()):
        if contact.user is None or roster.accounts.get(contact.user) != person:
            continue
        target = Target(kind=TargetKind.PERSON, id=name)
        found = calls_for(roster, [target], at=at, reach=1, ignores_quiet=False)
        if found.calls:
            return found.calls[0]
    return None
