"""Passing an incident on, inside the caller's transaction: the rows, both traces, who is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Principal
from service.auth.account import load
from service.auth.roles import Action as Permission
from service.auth.roles import Resource
from service.cases import rows
from service.cases.ownership import HandOver, HandOverState, Passing, answered, passing
from service.cases.telling import tell_all, tell_person
from service.errors import InvalidInput, NotFound
from service.events import EventType
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.incidents.trail import trace


async def pass_to(
    connection: AsyncConnection,
    incident: Incident,
    person: str,
    *,
    note: str | None,
    principal: Principal,
    now: datetime,
    public_url: str,
) -> Incident:
    """Give it to the user of that id, or offer it. Raises InvalidInput for who may not work it."""
    deed = passing(owner=incident.assignee, actor=principal.id, to=person)
    if deed is Passing.NOTHING:
        return incident
    if person != principal.id:
        await _require_worker(connection, incident, person)
    older = await rows.waiting(connection, incident.id)
    if older is not None:
        await rows.answer(connection, older.id, HandOverState.WITHDRAWN, now=now)
    at_once = deed is Passing.AT_ONCE
    made = await rows.offer(
        connection,
        incident.id,
        from_person=incident.assignee,
        to_person=person,
        offered_by=principal.id,
        note=note,
        state=HandOverState.ACCEPTED if at_once else HandOverState.OFFERED,
        now=now,
    )
    assignee = person if at_once else incident.assignee
    incident = await incident_rows.change(connection, incident, now=now, assignee=assignee)
    kind = "assigned" if at_once else "handover_offered"
    await _tell(connection, incident, made, kind, note, principal, now=now, public_url=public_url)
    return incident


async def answer_offer(
    connection: AsyncConnection,
    incident: Incident,
    number: int,
    *,
    accept: bool,
    note: str | None,
    principal: Principal,
    now: datetime,
    public_url: str,
) -> Incident:
    """Accept, decline or withdraw an offer. Raises Conflict, Forbidden, NotFound."""
    offer = await rows.hand_over(connection, incident.id, number)
    leads = principal.may(Permission.CLOSE, Resource.INCIDENT, monitor=incident.monitor_id)
    state = answered(offer, actor=principal.id, leads=leads, owner=incident.assignee, accept=accept)
    await rows.answer(connection, number, state, now=now, words=note)
    accepted = state is HandOverState.ACCEPTED
    assignee = offer.to_person if accepted else incident.assignee
    incident = await incident_rows.change(connection, incident, now=now, assignee=assignee)
    kind = f"handover_{state.value}"
    await _tell(connection, incident, offer, kind, note, principal, now=now, public_url=public_url)
    return incident


async def _tell(
    connection: AsyncConnection,
    incident: Incident,
    offer: HandOver,
    kind: str,
    note: str | None,
    principal: Principal,
    *,
    now: datetime,
    public_url: str,
) -> None:
    """Both traces, the event, and a word to those whom it concerns and who did not do it."""
    data = {
        "hand_over": offer.id,
        "from": offer.from_person,
        "to": offer.to_person,
        "note": note,
    }
    await trace(connection, incident.id, kind, data, now=now, actor=principal.id)
    details = {**data, "assignment": kind, "by": principal.id}
    parts = [kind, str(offer.id)]
    await tell_all(
        connection,
        incident,
        EventType.INCIDENT_ASSIGNED,
        details,
        parts=parts,
        now=now,
        public_url=public_url,
    )
    concerned = {offer.to_person, offer.offered_by, offer.from_person}
    for person in sorted({name for name in concerned if name} - {principal.id}):
        await tell_person(
            connection,
            incident,
            person,
            EventType.INCIDENT_ASSIGNED,
            details,
            parts=parts,
            now=now,
            public_url=public_url,
        )


async def _require_worker(connection: AsyncConnection, incident: Incident, person: str) -> None:
    """Raise InvalidInput unless that user may work the incident."""
    try:
        user = await load(connection, person)
    except NotFound as error:
        raise InvalidInput(str(error), errors=[("person", "the id of a user")]) from error
    resource = Resource.PERSON_AT_RISK if incident.is_private else Resource.INCIDENT
    if user.disabled or not user.principal.may(Permission.WORK, resource):
        problem = f"{user.name} may not work incident {incident.id}"
        raise InvalidInput(problem, errors=[("person", "a user who may work incidents")])
