"""What people do around an incident: pass it on, watch it, link it, split it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Principal
from service.auth.account import load
from service.auth.roles import Action as Permission
from service.auth.roles import Resource
from service.cases import rows
from service.cases.links import Link, LinkKind, check_link
from service.cases.ownership import HandOver, HandOverState, Passing, answered, passing
from service.cases.rows import Watch
from service.cases.splitting import split_off
from service.cases.telling import tell_all, tell_person
from service.cases.topics import Topic
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, InvalidInput, NotFound
from service.events import EventType
from service.incidents import OPEN_STATES, Incident, Incidents
from service.incidents import repository as incident_rows
from service.incidents.desk import require
from service.incidents.reactions import Acted, unnoticed
from service.incidents.reading import keep_reading
from service.incidents.staleness import require_version
from service.incidents.trail import trace

_NOTE_MAX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Casework:
    """What the page of an incident shows beside its file."""

    incident: Incident
    hand_overs: tuple[HandOver, ...]
    watchers: tuple[Watch, ...]
    links: tuple[Link, ...]


class CaseDesk:
    """The one door for people. `version` is the If-Match of an edit; None skips the check."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        incidents: Incidents,
        public_url: str,
        acted: Acted = unnoticed,
    ) -> None:
        self._database = database
        self._clock = clock
        self._incidents = incidents
        self._public_url = public_url
        self._acted = acted

    async def casework(self, principal: Principal, incident_id: str) -> Casework:
        """Hand-overs, watchers, links. Raises NotFound, Forbidden.

        Links to incidents that are not theirs to see are left out.
        """
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            found = await rows.links(connection, incident_id)
            shown = []
            for link in found:
                other = await incident_rows.get(connection, link.seen_from(incident_id)[1])
                if may_read(principal, other):
                    shown.append(link)
            casework = Casework(
                incident=incident,
                hand_overs=await rows.hand_overs(connection, incident_id),
                watchers=await rows.watchers(connection, incident_id),
                links=tuple(shown),
            )
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return casework

    async def assign(
        self,
        principal: Principal,
        incident_id: str,
        person: str,
        *,
        note: str | None = None,
        version: int | None = None,
    ) -> Incident:
        """Name the next owner by user id; whoever has the incident keeps it until they accept.

        At once where nobody has it, and where somebody takes it themselves. An older offer that
        waits is withdrawn. Raises Conflict for an incident that is over, InvalidInput for somebody
        who may not work it, Forbidden, NotFound.
        """
        note = _checked(note)
        async with self._opened(principal, incident_id, version) as (connection, incident, now):
            _require_open(incident)
            deed = passing(owner=incident.assignee, actor=principal.id, to=person)
            if deed is Passing.NOTHING:
                return incident
            if person != principal.id:
                await _require_worker(connection, incident, person)
            older = await rows.waiting(connection, incident_id)
            if older is not None:
                await rows.answer(connection, older.id, HandOverState.WITHDRAWN, now=now)
            at_once = deed is Passing.AT_ONCE
            made = await rows.offer(
                connection,
                incident_id,
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
            await self._told(connection, incident, made, kind, note, principal, now=now)
            return incident

    async def answer(
        self,
        principal: Principal,
        incident_id: str,
        number: int,
        *,
        accept: bool,
        note: str | None = None,
        version: int | None = None,
    ) -> Incident:
        """Accept an offer, decline it, or (owner, whoever made it, a lead) withdraw it.

        Raises Conflict for one that waits no more, Forbidden, NotFound.
        """
        note = _checked(note)
        async with self._opened(principal, incident_id, version) as (connection, incident, now):
            _require_open(incident)
            offer = await rows.hand_over(connection, incident_id, number)
            state = answered(
                offer,
                actor=principal.id,
                leads=principal.may(
                    Permission.CLOSE, Resource.INCIDENT, monitor=incident.monitor_id
                ),
                owner=incident.assignee,
                accept=accept,
            )
            await rows.answer(connection, number, state, now=now, words=note)
            accepted = state is HandOverState.ACCEPTED
            assignee = offer.to_person if accepted else incident.assignee
            incident = await incident_rows.change(connection, incident, now=now, assignee=assignee)
            kind = f"handover_{state.value}"
            await self._told(connection, incident, offer, kind, note, principal, now=now)
            return incident

    async def _told(
        self,
        connection: AsyncConnection,
        incident: Incident,
        offer: HandOver,
        kind: str,
        note: str | None,
        principal: Principal,
        *,
        now: datetime,
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
            public_url=self._public_url,
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
                public_url=self._public_url,
            )

    async def watch(
        self, principal: Principal, incident_id: str, topics: Collection[Topic]
    ) -> Watch:
        """Hear of news of those topics from now on; watching again changes the topics."""
        if not topics:
            known = ", ".join(Topic)
            raise InvalidInput("say what you want to hear of", errors=[("topics", known)])
        async with self._database.write() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            now = self._clock.now()
            return await rows.watch(connection, incident_id, principal.id, topics, now=now)

    async def unwatch(self, principal: Principal, incident_id: str) -> None:
        """Hear no more; who does not watch is left alone."""
        async with self._database.write() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            await rows.unwatch(connection, incident_id, principal.id)

    async def link(
        self,
        principal: Principal,
        incident_id: str,
        other_id: str,
        kind: LinkKind,
        *,
        note: str | None = None,
    ) -> None:
        """Say what an incident is to another, on both timelines; said twice is said once.

        Raises InvalidInput, Conflict for a link that closes a circle, Forbidden, NotFound.
        """
        note = _checked(note)
        async with self._opened(principal, incident_id, None) as (connection, incident, now):
            other = await incident_rows.get(connection, other_id)
            require(principal, Permission.READ, other)
            if incident.is_private != other.is_private:
                # Each timeline names the other: who reads this one may not hear of that one.
                raise InvalidInput(
                    "a private incident is linked to private ones only",
                    errors=[("to", "an incident of the same kind")],
                )
            known = await rows.links(connection, incident_id, other_id)
            check_link(incident_id, other_id, kind, known)
            link = Link(
                from_id=incident_id, to_id=other_id, kind=kind, note=note, by=principal.id, at=now
            )
            if await rows.add_link(connection, link):
                await _trace_both(connection, link, "linked", now=now, actor=principal.id)

    async def unlink(
        self, principal: Principal, incident_id: str, other_id: str, kind: LinkKind
    ) -> None:
        """Take a link back, from either end. Raises NotFound, InvalidInput for a split's."""
        if kind is LinkKind.SPLIT_FROM:
            raise InvalidInput("a split stays known", errors=[("kind", "another kind")])
        async with self._opened(principal, incident_id, None) as (connection, _, now):
            other = await incident_rows.get(connection, other_id)
            require(principal, Permission.READ, other)
            wanted = {incident_id, other_id}
            for link in await rows.links(connection, incident_id):
                if link.kind is kind and {link.from_id, link.to_id} == wanted:
                    break
            else:
                raise NotFound(f"incident {incident_id} is not {kind.value} {other_id}")
            await rows.remove_link(connection, link)
            await _trace_both(connection, link, "unlinked", now=now, actor=principal.id)

    async def split(
        self,
        principal: Principal,
        incident_id: str,
        posts: Collection[str],
        *,
        reason: str,
        title: str | None = None,
        version: int | None = None,
    ) -> Incident:
        """Open an incident of its own for some of the evidence; answers the new one.

        It has the same scenario and tier, its own run, and its clocks count from the first of its
        posts. The evidence stays with the old one too. Raises InvalidInput, Conflict for a closed
        incident, Forbidden.
        """
        why = _checked(reason)
        if why is None:
            raise InvalidInput("splitting takes a reason", errors=[("reason", "say why")])
        async with self._opened(principal, incident_id, version) as (connection, incident, now):
            _require_open(incident)
            return await split_off(
                connection,
                self._incidents,
                incident,
                frozenset(posts),
                title=_checked(title),
                reason=why,
                actor=principal.id,
                now=now,
            )

    @asynccontextmanager
    async def _opened(
        self, principal: Principal, incident_id: str, version: int | None
    ) -> AsyncIterator[tuple[AsyncConnection, Incident, datetime]]:
        async with self._database.write() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.WORK, incident)
            await require_version(connection, incident, version)
            now = self._clock.now()
            yield connection, incident, now
            await self._acted(connection, incident_id, actor=principal.id, now=now)


async def _trace_both(
    connection: AsyncConnection, link: Link, deed: str, *, now: datetime, actor: str
) -> None:
    for end in (link.from_id, link.to_id):
        word, other = link.seen_from(end)
        data = {"kind": word, "incident": other, "note": link.note}
        await trace(connection, end, deed, data, now=now, actor=actor)


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


def _require_open(incident: Incident) -> None:
    if incident.state not in OPEN_STATES:
        raise Conflict(f"incident {incident.id} is {incident.state.value}; reopen it first")


def may_read(principal: Principal, incident: Incident) -> bool:
    """Whether somebody may see an incident at all; a private one is private to its rota."""
    private = incident.is_private and not principal.may(Permission.READ, Resource.PERSON_AT_RISK)
    return not private and principal.may(
        Permission.READ, Resource.INCIDENT, monitor=incident.monitor_id
    )


def _checked(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    if len(text) > _NOTE_MAX:
        raise InvalidInput(f"at most {_NOTE_MAX} characters", errors=[("note", f"{len(text)}")])
    return text.strip()
