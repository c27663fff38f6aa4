"""Everything that the page of one incident shows, read at one go."""

from __future__ import annotations

from dataclasses import dataclass

from playbooks import Run
from service.auth import Principal
from service.console.board import Board
from service.delivery import Deliveries, Delivery
from service.errors import NotFound
from service.incidents import Incident
from service.incidents.desk import IncidentFile

_DELIVERIES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """An incident with its history, run and pages; equal ones need no redrawing."""

    file: IncidentFile
    run: Run | None
    deliveries: tuple[Delivery, ...]
    channels: dict[str, str]

    @property
    def incident(self) -> Incident:
        return self.file.incident


async def read_dossier(board: Board, principal: Principal, incident_id: str) -> Dossier:
    """The dossier as the principal may see it. Raises NotFound, Forbidden."""
    container = board.container
    file = await container.desk.file(principal, incident_id)
    # Reasons are told with the rules in force, and only where the tick runs something follows them.
    await container.rules.directory.refresh()
    try:
        run = (await container.response_desk.file(principal, incident_id)).stored.run
    except NotFound:
        run = None
    async with container.database.read() as connection:
        sent = await Deliveries().page(connection, incident_id=incident_id, limit=_DELIVERIES)
    people = {entry.actor for entry in file.timeline} | {change.actor for change in file.tiers}
    people |= {file.incident.assignee or "", file.incident.acknowledged_by or ""}
    people |= {item.marked_by or "" for item in file.evidence}
    people |= {step.by or "" for step in (run.steps if run else ())}
    await board.names.learn(*sorted(people - {""}))
    return Dossier(
        file=file,
        run=run,
        deliveries=sent.items,
        channels={item.id: item.name for item in await container.channels.every()},
    )
