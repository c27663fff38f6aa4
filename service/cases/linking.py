"""Links set and taken back, inside the caller's transaction, with both timelines told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.cases import rows
from service.cases.links import Link, LinkKind, check_link
from service.errors import InvalidInput, NotFound
from service.incidents import Incident
from service.incidents.trail import trace


async def link(
    connection: AsyncConnection,
    incident: Incident,
    other: Incident,
    kind: LinkKind,
    *,
    note: str | None,
    actor: str,
    now: datetime,
) -> None:
    """Said twice is said once. Raises InvalidInput, Conflict for a link that closes a circle."""
    if incident.is_private != other.is_private:
        # Each timeline names the other: who reads this one may not hear of that one.
        raise InvalidInput(
            "a private incident is linked to private ones only",
            errors=[("to", "an incident of the same kind")],
        )
    known = await rows.links(connection, incident.id, other.id)
    check_link(incident.id, other.id, kind, known)
    made = Link(from_id=incident.id, to_id=other.id, kind=kind, note=note, by=actor, at=now)
    if await rows.add_link(connection, made):
        await _trace_both(connection, made, "linked", now=now, actor=actor)


async def unlink(
    connection: AsyncConnection,
    incident: Incident,
    other: Incident,
    kind: LinkKind,
    *,
    actor: str,
    now: datetime,
) -> None:
    """From either end. Raises NotFound for a link that is not there."""
    wanted = {incident.id, other.id}
    for known in await rows.links(connection, incident.id):
        if known.kind is kind and {known.from_id, known.to_id} == wanted:
            await rows.remove_link(connection, known)
            await _trace_both(connection, known, "unlinked", now=now, actor=actor)
            return
    raise NotFound(f"incident {incident.id} is not {kind.value} {other.id}")


async def _trace_both(
    connection: AsyncConnection, known: Link, deed: str, *, now: datetime, actor: str
) -> None:
    for end in (known.from_id, known.to_id):
        word, other = known.seen_from(end)
        data = {"kind": word, "incident": other, "note": known.note}
        await trace(connection, end, deed, data, now=now, actor=actor)
