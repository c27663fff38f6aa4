"""Escalations and people: what opens or raises an incident begins one, what people do holds it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.ids import stable_id
from service.incidents import OPEN_STATES, Incident, State, Transition
from service.incidents import repository as incident_rows
from service.incidents.model import SYSTEM_ACTOR
from service.incidents.trail import trace
from service.oncall import escalations, pages
from service.oncall.chains import ChainBook
from service.oncall.due_steps import LEASED_STATES
from service.oncall.escalation import Escalation, EscalationState, begin, end, hold, lighten
from service.oncall.escalation_timers import EscalationTimers
from service.oncall.reach import Reach

_KEYS = "key_"
"""How the ids of API keys begin, by which `service.auth` names who acts with one."""


class Escalating:
    """Pages incidents until somebody acknowledges, and again when they do nothing about it."""

    def __init__(self, *, timers: EscalationTimers, chains: ChainBook, reach: Reach) -> None:
        self._timers = timers
        self._chains = chains
        self._reach = reach

    async def opened(self, connection: AsyncConnection, incident: Incident) -> None:
        """Begin with a copy of the chain of its tier."""
        await self._begin(connection, incident, now=incident.opened_at)

    async def tier_changed(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        """A graver tier has a graver chain, from its beginning; below it the old one goes on."""
        if incident.state not in OPEN_STATES:
            return
        current = await escalations.alive(connection, incident.id)
        if current is not None:
            if incident.tier_rank <= current.tier_rank:
                # What is raised again from here is news again: whoever had it had a lighter one.
                lighter = lighten(current, tier_rank=incident.tier_rank)
                await escalations.save(connection, lighter)
                return
            await self._stop(connection, current, now=now, replaced=True)
        after = "" if current is None else current.id
        await self._begin(connection, incident, now=now, after=after)

    async def moved(
        self,
        connection: AsyncConnection,
        incident: Incident,
        transition: Transition,
        *,
        actor: str,
        now: datetime,
    ) -> None:
        """Acknowledging holds it; closing, in whatever way, ends it and all that is pending."""
        current = await escalations.alive(connection, incident.id)
        if transition.after in OPEN_STATES:
            if current is None and transition.before not in OPEN_STATES:
                # Closing had ended it: whoever opens it again has it, and must do something.
                await self._begin(connection, incident, now=now)
                current = await escalations.alive(connection, incident.id)
            if current is not None and actor != SYSTEM_ACTOR:
                await self._hold(connection, incident, current, by=actor, now=now)
            if transition.after is State.ACKNOWLEDGED:
                await self._reach.forget(connection, incident, now=now)
            return
        if current is not None:
            await self._stop(connection, current, now=now)
        await self._timers.cancel_all(connection, incident.id)
        await pages.withdraw(connection, incident_id=incident.id, now=now, reason="closed")
        await self._reach.forget(connection, incident, now=now)

    async def acted(
        self, connection: AsyncConnection, incident_id: str, *, actor: str, now: datetime
    ) -> None:
        """A person has done something about it: keeps what is held, takes back what has lapsed.

        Before the first acknowledgement of an escalation a deed is none: somebody must say that
        they have it. What an API key does is none either: a program wakes nobody.
        """
        if actor.startswith(_KEYS):
            return
        incident = await incident_rows.get(connection, incident_id)
        if incident.state is State.NEW or incident.state not in OPEN_STATES:
            return
        current = await escalations.alive(connection, incident_id)
        if current is not None and current.held_at is not None:
            await self._hold(connection, incident, current, by=actor, now=now)

    async def taken(
        self, connection: AsyncConnection, incident: Incident, *, actor: str, now: datetime
    ) -> bool:
        """Hold an escalation of an incident that is past being acknowledged; whether there was one.

        A new incident is acknowledged by its move.
        """
        if incident.state is State.NEW or incident.state not in OPEN_STATES:
            return False
        current = await escalations.alive(connection, incident.id)
        if current is None or current.state is EscalationState.HELD:
            return False
        data = {"escalation": current.id, "state": incident.state.value}
        await trace(connection, incident.id, "acknowledge", data, now=now, actor=actor)
        await self._hold(connection, incident, current, by=actor, now=now)
        return True

    async def _begin(
        self,
        connection: AsyncConnection,
        incident: Incident,
        *,
        now: datetime,
        after: str = "",
    ) -> None:
        """`after` is the escalation that it takes over from."""
        chain = await self._chains.of(connection, incident.tier)
        escalation, due_at = begin(
            escalation_id=stable_id("esc", incident.id, incident.tier, now, after),
            incident_id=incident.id,
            tier_rank=incident.tier_rank,
            chain=chain,
            now=now,
        )
        if not await escalations.add(connection, escalation):
            return
        data = {"escalation": escalation.id, "chain": chain.id}
        await trace(connection, incident.id, "escalation_begun", data, now=now)
        await self._timers.set_step(connection, escalation, due_at=due_at, now=now)
        await self._reach.watch_pages_of(connection, incident, escalation, now=now)

    async def _stop(
        self,
        connection: AsyncConnection,
        escalation: Escalation,
        *,
        now: datetime,
        replaced: bool = False,
    ) -> None:
        over = end(escalation, now=now, replaced=replaced)
        await escalations.save(connection, over)
        await self._timers.cancel(connection, over)
        await pages.withdraw(connection, escalation_id=over.id, now=now, reason=over.state.value)

    async def _hold(
        self,
        connection: AsyncConnection,
        incident: Incident,
        escalation: Escalation,
        *,
        by: str,
        now: datetime,
    ) -> None:
        held = hold(escalation, by=by, now=now)
        await escalations.save(connection, held)
        await self._timers.cancel(connection, held)
        await pages.withdraw(connection, escalation_id=held.id, now=now, reason="acknowledged")
        if incident.state in LEASED_STATES:
            await self._timers.set_lease(connection, held, due_at=now + held.lease, now=now)
        await self._reach.forget(connection, incident, now=now)
