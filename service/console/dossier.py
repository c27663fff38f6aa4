"""Everything that the page of one incident shows, read at one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from playbooks import Run
from service.auth import Action, Principal, Resource
from service.cases import Casework
from service.console.board import Board
from service.db import tables
from service.delivery import Delivery
from service.errors import NotFound
from service.incidents import Incident
from service.incidents.desk import IncidentFile
from service.oncall.seat_rows import Seat

_DELIVERIES = 60

Fingerprint = tuple[int, int]
"""The version of an incident, and the newest entry of its timeline: every change moves one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """An incident with its history, run, people and pages; equal ones need no redrawing.

    `screenshots` are hashes by post.
    """

    fingerprint: Fingerprint
    file: IncidentFile
    run: Run | None
    casework: Casework
    seats: tuple[Seat, ...]
    screenshots: Mapping[str, tuple[str, ...]]
    deliveries: tuple[Delivery, ...]
    channels: dict[str, str]

    @property
    def incident(self) -> Incident:
        return self.file.incident


async def read_dossier(board: Board, principal: Principal, incident_id: str) -> Dossier:
    """The dossier as the principal may see it. Raises NotFound, Forbidden.

    Reads what is frozen, written and sent, and counts no posts: it costs the same however many
    the incident has.
    """
    container = board.container
    # First, so that what changes while the rest is read makes the next look read anew.
    mark = await fingerprint(board, incident_id)
    file = await container.desk.file(principal, incident_id)
    # Reasons are told with the rules in force, and only where the tick runs something follows them.
    await container.rules.directory.refresh()
    try:
        run = (await container.response_desk.file(principal, incident_id)).stored.run
    except NotFound:
        run = None
    casework = await container.cases.casework(principal, incident_id)
    seats = await container.team.seats(principal, incident_id)
    sent: tuple[Delivery, ...] = ()
    if principal.may(Action.READ, Resource.DELIVERY):
        found = await container.deliveries.page(
            principal, incident_id=incident_id, limit=_DELIVERIES
        )
        sent = found.items
    await board.names.learn(*_people(file, run, casework, seats))
    return Dossier(
        fingerprint=mark,
        file=file,
        run=run,
        casework=casework,
        seats=seats,
        screenshots=await _screenshots(board, principal, incident_id),
        deliveries=sent,
        channels={item.id: item.name for item in await container.channels.every()},
    )


async def fingerprint(board: Board, incident_id: str) -> Fingerprint:
    """What tells a changed incident from the one that was read; zeros for one there is not."""
    incident, event = tables.incident.c, tables.incident_event.c
    async with board.container.database.read() as connection:
        version = await connection.scalar(
            select(incident.version).where(incident.id == incident_id)
        )
        newest = await connection.scalar(
            select(func.max(event.id)).where(event.incident_id == incident_id)
        )
    return version or 0, newest or 0


async def _screenshots(
    board: Board, principal: Principal, incident_id: str
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    frozen = await board.container.evidence.frozen(principal, incident_id)
    for shot in frozen.screenshots:
        found[shot.post_id] = (*found.get(shot.post_id, ()), shot.sha256)
    return found


def _people(
    file: IncidentFile, run: Run | None, casework: Casework, seats: tuple[Seat, ...]
) -> list[str]:
    """The ids of everybody whom the page names, sorted."""
    people: set[str | None] = {entry.actor for entry in file.timeline}
    people |= {change.actor for change in file.tiers}
    people |= {file.incident.assignee, file.incident.acknowledged_by}
    people |= {item.marked_by for item in file.evidence} | {seat.holder for seat in seats}
    for step in run.steps if run else ():
        people |= {step.by, step.request.by if step.request else None}
    for offer in casework.hand_overs:
        people |= {offer.from_person, offer.to_person, offer.offered_by}
    people |= {link.by for link in casework.links}
    return sorted(person for person in people if person)
