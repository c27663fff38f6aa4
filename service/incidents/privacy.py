"""Which incidents somebody may not even hear of: those of a person at risk, off their rota."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.incidents import repository
from service.incidents.model import Kind


async def hidden(
    connection: AsyncConnection, principal: Principal, incident_ids: Iterable[str | None]
) -> frozenset[str]:
    """Those of the incidents that are private and not theirs to see."""
    if principal.may(Action.READ, Resource.PERSON_AT_RISK):
        return frozenset()
    private = set()
    for incident_id in {item for item in incident_ids if item is not None}:
        incident = await repository.find(connection, incident_id)
        if incident is not None and incident.kind is Kind.PERSON_AT_RISK:
            private.add(incident_id)
    return frozenset(private)
