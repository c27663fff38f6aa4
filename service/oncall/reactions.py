"""What follows from a change of an incident: its run first, then who is paged and must come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.incidents import OPEN_STATES, Incident, Transition
from service.incidents import repository as incident_rows
from service.oncall.escalating import Escalating
from service.oncall.role_calls import RoleCalls
from service.oncall.team import Team
from service.response import Responses


class OncallReactions:
    """`Reactions` of an incident, all in its transaction."""

    def __init__(
        self, *, responses: Responses, escalating: Escalating, team: Team, calls: RoleCalls
    ) -> None:
        self._responses = responses
        self._escalating = escalating
        self._team = team
        self._calls = calls

    async def opened(self, connection: AsyncConnection, incident: Incident) -> None:
        await self._responses.opened(connection, incident)
        await self._escalating.opened(connection, incident)
        await self._gather(connection, incident, now=incident.opened_at)

    async def tier_changed(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        await self._responses.tier_changed(connection, incident, now=now)
        await self._escalating.tier_changed(connection, incident, now=now)
        await self._gather(connection, incident, now=now)
        # The gravest tier breaks a silence, and calls that wait for its end need not any more.
        await self._calls.silence_over(connection, incident_id=incident.id, now=now)

    async def scenario_named(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        await self._responses.scenario_named(connection, incident, now=now)
        await self._gather(connection, incident, now=now)

    async def moved(
        self,
        connection: AsyncConnection,
        incident: Incident,
        transition: Transition,
        *,
        actor: str,
        now: datetime,
    ) -> None:
        await self._responses.moved(connection, incident, transition, actor=actor, now=now)
        await self._escalating.moved(connection, incident, transition, actor=actor, now=now)
        if transition.after not in OPEN_STATES:
            await self._calls.end_all(connection, incident)
        elif transition.before not in OPEN_STATES:
            await self._gather(connection, incident, now=now, again=True)

    async def contained(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        await self._responses.contained(connection, incident, now=now)

    async def _gather(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime, again: bool = False
    ) -> None:
        current = await incident_rows.get(connection, incident.id)
        await self._team.gather(connection, current, now=now, again=again)
