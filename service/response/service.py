"""Playbooks at work: a run starts with its incident and moves with all that happens to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import (
    DeadlineKind,
    DeadlinePassed,
    Event,
    IncidentEvent,
    Library,
    Moment,
    Reopened,
    ScenarioNamed,
    TierChanged,
    Withdrawn,
    advance,
    start,
)
from service.ids import stable_id
from service.incidents import Action, Incident, State, Transition
from service.incidents import repository as incident_rows
from service.incidents.model import SYSTEM_ACTOR
from service.response import repository
from service.response.deeds import deed_of
from service.response.effects import Effects
from service.timers import FiredTimer, Stale

_MOMENTS = {
    State.ACKNOWLEDGED: Moment.ACKNOWLEDGED,
    State.RESOLVED: Moment.RESOLVED,
    State.CLOSED: Moment.CLOSED,
}
_WITHDRAWN = frozenset({State.FALSE_POSITIVE, State.MERGED})


class Responses:
    """The reactions of a run to its incident, and the handler of its timers."""

    def __init__(self, *, library: Library, effects: Effects) -> None:
        self._library = library
        self._effects = effects

    async def opened(self, connection: AsyncConnection, incident: Incident) -> None:
        """Start the run: a copy of the playbook, with every deadline set."""
        run, effects = start(
            self._library.playbook_for(incident.scenario, incident.kind.value),
            run_id=stable_id("run", incident.id),
            tier=incident.tier,
            opened_at=incident.opened_at,
            first_post_at=incident.first_post_at,
            scenario=incident.scenario,
        )
        await repository.add(connection, run, incident.id, now=incident.opened_at)
        await self._effects.carry_out(
            connection, incident, run, effects, actor=SYSTEM_ACTOR, now=incident.opened_at
        )

    async def tier_changed(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        await self.apply(connection, incident, TierChanged(tier=incident.tier), now=now)

    async def scenario_named(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        playbook = self._library.playbook_for(incident.scenario, incident.kind.value)
        event = ScenarioNamed(scenario=str(incident.scenario), playbook=playbook)
        await self.apply(connection, incident, event, now=now)

    async def moved(
        self,
        connection: AsyncConnection,
        incident: Incident,
        transition: Transition,
        *,
        actor: str,
        now: datetime,
    ) -> None:
        if transition.action is Action.REOPEN:
            await self.apply(connection, incident, Reopened(by=actor), actor=actor, now=now)
        elif transition.after in _WITHDRAWN:
            await self.apply(connection, incident, Withdrawn(by=actor), actor=actor, now=now)
        elif (moment := _MOMENTS.get(transition.after)) is not None:
            event = IncidentEvent(moment=moment, by=actor)
            await self.apply(connection, incident, event, actor=actor, now=now)

    async def contained(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        await self.apply(connection, incident, IncidentEvent(moment=Moment.CONTAINED), now=now)

    async def apply(
        self,
        connection: AsyncConnection,
        incident: Incident,
        event: Event,
        *,
        now: datetime,
        actor: str = SYSTEM_ACTOR,
    ) -> repository.StoredRun:
        """Move the run by one event and carry out what follows. Raises NotFound without a run."""
        # Incident first, then run: who writes them in another order waits for us for ever.
        await incident_rows.hold(connection, incident.id)
        return await self._move(connection, incident, event, actor=actor, now=now)

    async def _move(
        self,
        connection: AsyncConnection,
        incident: Incident,
        event: Event,
        *,
        now: datetime,
        actor: str = SYSTEM_ACTOR,
    ) -> repository.StoredRun:
        before = stored = await repository.get(connection, incident.id)
        run, effects = advance(before.run, event, now)
        if run != before.run:
            stored = await repository.save(connection, before, run, now=now)
        await self._effects.carry_out(connection, incident, run, effects, actor=actor, now=now)
        if run != before.run and (deed := deed_of(event, before.run, run)) is not None:
            step, word, particulars = deed
            await self._effects.note(
                connection, incident, run.step(step), word, particulars, actor=actor, now=now
            )
        return stored

    async def deadline_passed(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: warn, breach or escalate one step, or let its clock go on, once."""
        if fired.incident_id is None:
            return Stale.SUBJECT_GONE
        incident = await incident_rows.hold(connection, fired.incident_id, wait=False)
        if incident is None:
            return Stale.SUBJECT_GONE
        event = DeadlinePassed(
            step=str(fired.payload["step"]), kind=DeadlineKind(fired.payload["deadline"])
        )
        await self._move(connection, incident, event, now=fired.fired_at)
        return None
