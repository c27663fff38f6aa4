"""What people do with incidents: permission, version check, one transaction, then the deed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Library
from service.auth import Principal
from service.auth.roles import Action as Permission
from service.auth.roles import Resource
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, Forbidden, InvalidInput
from service.incidents import repository
from service.incidents.lifecycle import OPEN_STATES, Action
from service.incidents.merging import check_merge, held_pair, merge
from service.incidents.model import Evidence, Incident, Kind, TierChange, TimelineEntry
from service.incidents.outstanding import Outstanding, outstanding
from service.incidents.reactions import Acted, Taken, nothing_to_take, unnoticed
from service.incidents.reading import keep_reading
from service.incidents.service import Incidents
from service.incidents.staleness import require_version
from service.incidents.trail import trace

_PERMISSIONS: Mapping[Action, Permission] = {
    Action.ACKNOWLEDGE: Permission.WORK,
    Action.RESPOND: Permission.WORK,
    Action.MONITOR: Permission.WORK,
    Action.RESOLVE: Permission.WORK,
    Action.CLOSE: Permission.CLOSE,
    Action.MARK_FALSE_POSITIVE: Permission.WORK,
    Action.MERGE: Permission.WORK,
    Action.REOPEN: Permission.WORK,
}
_COMMENT_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFile:
    """Everything the incident page shows, but the run."""

    incident: Incident
    tiers: tuple[TierChange, ...]
    evidence: tuple[Evidence, ...]
    timeline: tuple[TimelineEntry, ...]


class IncidentDesk:
    """The one door for people. `version` is the If-Match of an edit; None skips the check."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        incidents: Incidents,
        library: Library,
        acted: Acted = unnoticed,
        taken: Taken = nothing_to_take,
    ) -> None:
        self._acted = acted
        self._taken = taken
        self._database = database
        self._clock = clock
        self._incidents = incidents
        self._library = library

    async def file(self, principal: Principal, incident_id: str) -> IncidentFile:
        """The incident with its history. Raises NotFound, Forbidden.

        Reading a private one is audited.
        """
        async with self._database.read() as connection:
            incident = await repository.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            file = IncidentFile(
                incident=incident,
                tiers=await repository.tier_history(connection, incident_id),
                evidence=await repository.evidence_of(connection, incident_id),
                timeline=await repository.timeline(connection, incident_id, limit=1000),
            )
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return file

    async def queue(
        self,
        principal: Principal,
        wanted: repository.IncidentFilter,
        *,
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[tuple[Incident, ...], int]:
        """Open incidents by tier × time to breach, and how many there are in all."""
        principal.require(Permission.READ, Resource.INCIDENT)
        async with self._database.read() as connection:
            wanted = _in_sight(wanted, principal)
            items = await repository.queue(connection, wanted, limit=limit, offset=offset)
            total = await repository.count(connection, repository.only_open(wanted))
        return items, total

    async def outstanding(self, principal: Principal) -> Outstanding:
        """How everything open that they may see stands, drills and all."""
        principal.require(Permission.READ, Resource.INCIDENT)
        wanted = _in_sight(repository.IncidentFilter(), principal)
        async with self._database.read() as connection:
            gravest = self._library.tiers.tiers[-1].id
            return await outstanding(connection, wanted, gravest=gravest)

    async def newest(
        self,
        principal: Principal,
        wanted: repository.IncidentFilter,
        *,
        limit: int,
        before: repository.Position | None = None,
    ) -> tuple[Incident, ...]:
        """Incidents by opening time, newest first, after the position of the last one seen."""
        principal.require(Permission.READ, Resource.INCIDENT)
        async with self._database.read() as connection:
            wanted = _in_sight(wanted, principal)
            return await repository.newest(connection, wanted, before=before, limit=limit)

    async def act(
        self,
        principal: Principal,
        incident_id: str,
        action: Action,
        *,
        reason: str | None = None,
        merge_into: str | None = None,
        version: int | None = None,
    ) -> Incident:
        """Make one transition. Raises IllegalTransition, Conflict, Forbidden, InvalidInput.

        An incident that is past being acknowledged, but pages, is acknowledged where it stands.
        """
        async with self._opened(principal, incident_id, _PERMISSIONS[action], version) as (
            connection,
            incident,
        ):
            if action is Action.MERGE:
                return await self._merge(
                    connection, principal, incident, merge_into, reason=reason, version=version
                )
            now = self._clock.now()
            if action is Action.ACKNOWLEDGE and await self._taken(
                connection, incident, actor=principal.id, now=now
            ):
                incident = await repository.get(connection, incident_id)
                await self._incidents.tell_acknowledged(connection, incident, now=now)
                return incident
            return await self._incidents.move(
                connection,
                incident,
                action,
                actor=principal.id,
                now=self._clock.now(),
                reason=reason,
            )

    async def _merge(
        self,
        connection: AsyncConnection,
        principal: Principal,
        incident: Incident,
        target_id: str | None,
        *,
        reason: str | None,
        version: int | None,
    ) -> Incident:
        if not target_id:
            raise InvalidInput("merge needs another incident", errors=[("into", "name its id")])
        incident, target = await held_pair(connection, incident.id, target_id)
        # Once more: until it was held, somebody else could still change it.
        await require_version(connection, incident, version)
        require(principal, Permission.WORK, target)
        check_merge(incident, target)
        return await merge(
            connection,
            self._incidents,
            incident,
            target,
            actor=principal.id,
            reason=reason,
            now=self._clock.now(),
        )

    async def set_tier(
        self,
        principal: Principal,
        incident_id: str,
        tier: str,
        *,
        reason: str,
        version: int | None = None,
    ) -> Incident:
        """Raise or lower the tier by hand; lowering takes a lead, and both take a reason.

        Raises Conflict for an incident that is closed, InvalidInput, Forbidden.
        """
        rank = self._rank(tier)
        if not reason.strip():
            raise InvalidInput("a tier is changed with a reason", errors=[("reason", "say why")])
        async with self._opened(principal, incident_id, Permission.WORK, version) as (
            connection,
            incident,
        ):
            if tier == incident.tier:
                return incident
            if incident.state not in OPEN_STATES:
                raise Conflict(
                    f"incident {incident.id} is {incident.state.value}; its tier stays as it was"
                )
            if rank < incident.tier_rank:
                require(principal, Permission.LOWER_TIER, incident)
            reasons = [{"clause": reason, "value": principal.name, "threshold": None}]
            return await self._incidents.set_tier(
                connection,
                incident,
                tier=tier,
                rank=rank,
                reasons=reasons,
                actor=principal.id,
                now=self._clock.now(),
            )

    async def name_scenario(
        self,
        principal: Principal,
        incident_id: str,
        scenario: str,
        *,
        version: int | None = None,
    ) -> Incident:
        """Say what a crisis is about; its run is planned anew.

        Raises Conflict when another incident of that scenario takes posts, InvalidInput, Forbidden.
        """
        known = sorted(self._library.scenarios)
        if scenario not in known:
            raise InvalidInput(
                f"unknown scenario {scenario!r}",
                errors=[("scenario", f"one of {', '.join(known)}")],
            )
        async with self._opened(principal, incident_id, Permission.WORK, version) as (
            connection,
            incident,
        ):
            if incident.kind is not Kind.CRISIS:
                raise InvalidInput(f"a {incident.kind.value} incident has no scenario")
            if incident.is_taking:
                await self._check_free(connection, incident, scenario)
            return await self._incidents.name_scenario(
                connection,
                incident,
                scenario=scenario,
                actor=principal.id,
                now=self._clock.now(),
            )

    async def _check_free(
        self, connection: AsyncConnection, incident: Incident, scenario: str
    ) -> None:
        """Two incidents of one scenario cannot both take posts."""
        other = await repository.find_taking(connection, incident, scenario=scenario)
        if other is not None and other.id != incident.id:
            raise Conflict(
                f"incident {other.id} takes the {scenario} posts of monitor {other.monitor_id} "
                "already; merge this one into it"
            )

    async def mark_not_about_us(self, principal: Principal, incident_id: str, post_id: str) -> None:
        """Say that a frozen post is about somebody else; it stays as evidence, marked."""
        async with self._opened(principal, incident_id, Permission.WORK, None) as (
            connection,
            incident,
        ):
            await repository.mark_evidence(connection, incident.id, post_id, marked_by=principal.id)
            await trace(
                connection,
                incident.id,
                "not_about_us",
                {"post": post_id},
                now=self._clock.now(),
                actor=principal.id,
            )

    async def comment(self, principal: Principal, incident_id: str, text: str) -> None:
        """Add a comment to the timeline: 1 to 10,000 characters."""
        if not 0 < len(text.strip()) <= _COMMENT_MAX:
            raise InvalidInput(
                "a comment has 1 to 10,000 characters", errors=[("text", f"{len(text)} given")]
            )
        async with self._opened(principal, incident_id, Permission.WORK, None) as (
            connection,
            incident,
        ):
            await trace(
                connection,
                incident.id,
                "comment",
                {"text": text.strip()},
                now=self._clock.now(),
                actor=principal.id,
            )

    def _rank(self, tier: str) -> int:
        known = [item.id for item in self._library.tiers.tiers]
        if tier not in known:
            raise InvalidInput(
                f"unknown tier {tier!r}", errors=[("tier", f"one of {', '.join(known)}")]
            )
        return known.index(tier) + 1

    @asynccontextmanager
    async def _opened(
        self,
        principal: Principal,
        incident_id: str,
        permission: Permission,
        version: int | None,
    ) -> AsyncIterator[tuple[AsyncConnection, Incident]]:
        async with self._database.write() as connection:
            incident = await repository.get(connection, incident_id)
            require(principal, permission, incident)
            await require_version(connection, incident, version)
            yield connection, incident
            now = self._clock.now()
            await self._acted(connection, incident_id, actor=principal.id, now=now)


def require(principal: Principal, permission: Permission, incident: Incident) -> None:
    """Raise Forbidden unless they may; a person at risk is private to its rota."""
    if incident.is_private and not _may_see_private(principal):
        raise Forbidden(f"{principal.name} is not on the rota for a person at risk")
    principal.require(permission, Resource.INCIDENT, monitor=incident.monitor_id)


def _in_sight(wanted: repository.IncidentFilter, principal: Principal) -> repository.IncidentFilter:
    private = _may_see_private(principal)
    return replace(wanted, private=private, within=principal.monitors)


def _may_see_private(principal: Principal) -> bool:
    return principal.may(Permission.READ, Resource.PERSON_AT_RISK)
