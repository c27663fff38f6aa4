"""What people do around an incident: pass it on, watch it, link it, split it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Principal
from service.auth.roles import Action as Permission
from service.auth.roles import Resource
from service.cases import rows
from service.cases.handing import answer_offer, pass_to
from service.cases.linking import link, unlink
from service.cases.links import Link, LinkKind
from service.cases.ownership import HandOver
from service.cases.rows import Watch
from service.cases.splitting import split_off
from service.cases.topics import Topic
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, InvalidInput
from service.incidents import OPEN_STATES, Incident, Incidents
from service.incidents import repository as incident_rows
from service.incidents.desk import require
from service.incidents.reactions import Acted, unnoticed
from service.incidents.reading import keep_reading
from service.incidents.staleness import require_version
from service.incidents.words import said

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
        note = said(note, most=_NOTE_MAX)
        async with self._opened(principal, incident_id, version) as (connection, incident, now):
            _require_open(incident)
            return await pass_to(
                connection,
                incident,
                person,
                note=note,
                principal=principal,
                now=now,
                public_url=self._public_url,
            )

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
        note = said(note, most=_NOTE_MAX)
        async with self._opened(principal, incident_id, version) as (connection, incident, now):
            _require_open(incident)
            return await answer_offer(
                connection,
                incident,
                number,
                accept=accept,
                note=note,
                principal=principal,
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
        note = said(note, most=_NOTE_MAX)
        async with self._opened(principal, incident_id, None) as (connection, incident, now):
            other = await incident_rows.get(connection, other_id)
            require(principal, Permission.READ, other)
            await link(connection, incident, other, kind, note=note, actor=principal.id, now=now)

    async def unlink(
        self, principal: Principal, incident_id: str, other_id: str, kind: LinkKind
    ) -> None:
        """Take a link back, from either end. Raises NotFound, InvalidInput for a split's."""
        if kind is LinkKind.SPLIT_FROM:
            raise InvalidInput("a split stays known", errors=[("kind", "another kind")])
        async with self._opened(principal, incident_id, None) as (connection, incident, now):
            other = await incident_rows.get(connection, other_id)
            require(principal, Permission.READ, other)
            await unlink(connection, incident, other, kind, actor=principal.id, now=now)

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
        why = said(reason, most=_NOTE_MAX, path="reason")
        if why is None:
            raise InvalidInput("splitting takes a reason", errors=[("reason", "say why")])
        async with self._opened(principal, incident_id, version) as (connection, incident, now):
            _require_open(incident)
            return await split_off(
                connection,
                self._incidents,
                incident,
                frozenset(posts),
                title=said(title, most=_NOTE_MAX, path="title"),
                reason=why,
                actor=principal.id,
                now=now,
            )

    @asynccontextmanager
    async def _opened(
        self, principal: Principal, incident_id: str, version: int | None
    ) -> AsyncIterator[tuple[AsyncConnection, Incident, datetime]]:
        async with self._database.write() as connection:
            # Held, as a second offer or split is told by rows that the first is about to write.
            await incident_rows.hold(connection, incident_id)
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.WORK, incident)
            await require_version(connection, incident, version)
            now = self._clock.now()
            yield connection, incident, now
            await self._acted(connection, incident_id, actor=principal.id, now=now)


def _require_open(incident: Incident) -> None:
    if incident.state not in OPEN_STATES:
        raise Conflict(f"incident {incident.id} is {incident.state.value}; reopen it first")


def may_read(principal: Principal, incident: Incident) -> bool:
    """Whether somebody may see an incident at all; a private one is private to its rota."""
    private = incident.is_private and not principal.may(Permission.READ, Resource.PERSON_AT_RISK)
    return not private and principal.may(
        Permission.READ, Resource.INCIDENT, monitor=incident.monitor_id
    )
