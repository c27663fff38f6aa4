"""The audit trail as somebody may read it: what is private to others comes without its data."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.audit import AuditEntry, AuditFilter, entries
from service.auth import Action, Principal, Resource
from service.db import Database
from service.db.page import Page
from service.incidents.privacy import hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    """A row of the trail; `withheld` is whether its data was taken away before it was shown."""

    entry: AuditEntry
    withheld: bool


async def read_trail(
    database: Database,
    principal: Principal,
    *,
    where: AuditFilter | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[TrailRow]:
    """Rows of the trail, newest first. Raises Forbidden, and InvalidInput for a wrong `after`.

    The chain must have no gaps, so a row about an incident that is private to others stays: who,
    when and what, without what was said.
    """
    principal.require(Action.READ, Resource.AUDIT)
    async with database.read() as connection:
        found = await entries(connection, where=where, after=after, limit=limit)
        private = await hidden(connection, principal, (_incident_of(item) for item in found.items))
    rows = [
        TrailRow(entry=replace(item, data={}), withheld=True)
        if _incident_of(item) in private
        else TrailRow(entry=item, withheld=False)
        for item in found.items
    ]
    return Page(items=tuple(rows), next=found.next)


def _incident_of(entry: AuditEntry) -> str | None:
    return entry.subject_id if entry.subject_type == "incident" else None
