"""Escalations at work: reactions to incidents and handlers of timers, each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.ids import stable_id
from service.incidents import OPEN_STATES, Action, Incident, State, Transition
from service.incidents import repository as incident_rows
from service.incidents.model import SYSTEM_ACTOR
from service.incidents.trail import trace
from service.oncall import escalations, pages
from service.oncall.chains import ChainBook
from service.oncall.escalation import Escalation, EscalationState, begin, end, fire, hold, lapse
from service.oncall.reach import Reach
from service.oncall.silence import Silence
from service.oncall.silence_rows import silence_of
from service.oncall.stepping import make_step
from service.timers import (
    FiredTimer,
    Stale,
    TimerHandler,
    Timers,
    TimerSpec,
    TimerState,
    timer_id,
)

STEP, LEASE = "oncall.step", "oncall.lease"
SUBJECT = "escalation"
_HELD_STATES = frozenset({State.ACKNOWLEDGED, State.RESPONDING})
"""What somebody has taken burns still; what is watched or resolved may rest without a deed."""


class Escalating:
    """Pages incidents until somebody acknowledges, and again when they do nothing about it."""

    def __init__(self, *, timers: Timers, chains: ChainBook, reach: Reach, public_url: str) -> None:
        self._timers = timers
        self._chains = chains
        self._reach = reach
        self._public_url = public_url

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {STEP: self.step_due, LEASE: self.lease_due}

    async def opened(self, connection: AsyncConnection, incident: Incident) -> None:
        """Begin with a copy of the chain of its tier."""
        await self._begin(connection, incident, now=incident.opened_at)

    async def tier_changed(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        """A graver tier has a graver chain, from its beginning; a lighter one changes nothing."""
        if incident.state not in OPEN_STATES:
            return
        current = await escalations.alive(connection, incident.id)
        if current is not None:
            if incident.tier_rank <= current.tier_rank:
                return
            await self._stop(connection, current, now=now, replaced=True)
        await self._begin(connection, incident, now=now)

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
        if transition.action is Action.REOPEN and current is None:
            # Closing has ended it: whoever reopens an incident holds it, and must do something.
            await self._begin(connection, incident, now=now)
            await self._reach.forget(connection, incident)
            current = await escalations.alive(connection, incident.id)
        if transition.after in OPEN_STATES:
            if current is None and transition.before not in OPEN_STATES:
                # Opened again: whoever does that has it, and somebody must go on having it.
                await self._begin(connection, incident, now=now)
                current = await escalations.alive(connection, incident.id)
            if current is not None and actor != SYSTEM_ACTOR:
                await self._hold(connection, incident, current, by=actor, now=now)
            if transition.after is State.ACKNOWLEDGED:
                await self._reach.forget(connection, incident)
            return
        if current is not None:
            await self._stop(connection, current, now=now)
        await self._timers.cancel(connection, incident_id=incident.id, kinds=[STEP, LEASE])
        await pages.withdraw(connection, incident_id=incident.id, now=now, reason="closed")
        await self._reach.forget(connection, incident)

    async def acted(
        self, connection: AsyncConnection, incident_id: str, *, actor: str, now: datetime
    ) -> None:
        """A person has done something about it: keeps what is held, takes back what has lapsed.

        Before the first acknowledgement a deed is none: somebody must say that they have it.
        """
        incident = await incident_rows.get(connection, incident_id)
        if incident.state is State.NEW or incident.state not in OPEN_STATES:
            return
        current = await escalations.alive(connection, incident_id)
        if current is not None:
            await self._hold(connection, incident, current, by=actor, now=now)

    async def step_due(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: make one step of the chain, and set the timer of the next."""
        found = await self._found(connection, fired)
        if found is None:
            return Stale.SUBJECT_GONE
        escalation, incident = found
        now = fired.fired_at
        firing = fire(escalation, firing=int(fired.payload["firing"]), now=now)
        if firing is None:
            return Stale.NO_LONGER_DUE
        silence = await self._silence_of(connection, incident, now)
        if silence is not None:
            # The same step, when the silence is over: a chain must not run out behind it.
            await self._set_step(
                connection, escalation, due_at=silence.ends_at, now=now, silence=silence.id
            )
            said = {"silence": silence.id, "until": silence.ends_at.isoformat()}
            await trace(connection, incident.id, "page_silenced", said, now=now)
            return None
        made = await make_step(
            connection, incident, escalation, now=now, public_url=self._public_url
        )
        following = firing.escalation
        await escalations.save(connection, replace(following, pages=following.pages + made))
        if firing.next_at is not None:
            await self._set_step(connection, following, due_at=firing.next_at, now=now)
        else:
            data = {"escalation": escalation.id, "chain": escalation.chain.id}
            await trace(connection, incident.id, "escalation_exhausted", data, now=now)
        return None

    async def lease_due(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: whoever acknowledged has been idle for long enough, or has not."""
        found = await self._found(connection, fired)
        if found is None:
            return Stale.SUBJECT_GONE
        escalation, incident = found
        now = fired.fired_at
        if escalation.state is not EscalationState.HELD or incident.state not in _HELD_STATES:
            return Stale.NO_LONGER_DUE
        act = await escalations.last_act(connection, incident.id)
        after = lapse(escalation, last_act=act or escalation.started_at, now=now)
        if isinstance(after, datetime):
            await self._set_lease(connection, escalation, due_at=after, now=now)
            return None
        await escalations.save(connection, after)
        data = {"by": escalation.held_by, "minutes": escalation.chain.lease_min}
        await trace(connection, incident.id, "acknowledgement_lapsed", data, now=now)
        await self._set_step(connection, after, due_at=now, now=now)
        return None

    async def silence_over(self, connection: AsyncConnection, *, now: datetime) -> None:
        """Steps that waited for a silence which has ended early fire now."""
        for escalation in await escalations.running(connection):
            incident = await incident_rows.get(connection, escalation.incident_id)
            if await self._silence_of(connection, incident, now) is None:
                await self._wake(connection, escalation, now=now)

    async def _begin(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        chain = await self._chains.of(connection, incident.tier)
        escalation, due_at = begin(
            escalation_id=stable_id("esc", incident.id, incident.tier, now),
            incident_id=incident.id,
            tier_rank=incident.tier_rank,
            chain=chain,
            now=now,
        )
        if not await escalations.add(connection, escalation):
            return
        data = {"escalation": escalation.id, "chain": chain.id}
        await trace(connection, incident.id, "escalation_begun", data, now=now)
        await self._set_step(connection, escalation, due_at=due_at, now=now)
        await self._reach.watch(
            connection, incident, within=timedelta(minutes=chain.reach_min), now=now
        )

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
        await self._cancel(connection, over)
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
        await self._cancel(connection, held)
        await pages.withdraw(connection, escalation_id=held.id, now=now, reason="acknowledged")
        if incident.state in _HELD_STATES:
            await self._set_lease(connection, held, due_at=now + held.lease, now=now)

    async def _found(
        self, connection: AsyncConnection, fired: FiredTimer
    ) -> tuple[Escalation, Incident] | None:
        escalation = await escalations.find(connection, fired.subject_id)
        if escalation is None:
            return None
        incident = await incident_rows.find(connection, escalation.incident_id)
        return None if incident is None else (escalation, incident)

    async def _wake(
        self, connection: AsyncConnection, escalation: Escalation, *, now: datetime
    ) -> None:
        waiting = await self._timers.get(connection, timer_id(SUBJECT, escalation.id, STEP))
        if waiting.state is TimerState.PENDING and "silence" in waiting.payload:
            await self._set_step(connection, escalation, due_at=now, now=now)

    async def _silence_of(
        self, connection: AsyncConnection, incident: Incident, now: datetime
    ) -> Silence | None:
        return await silence_of(connection, incident, gravest=self._chains.gravest, now=now)

    async def _set_step(
        self,
        connection: AsyncConnection,
        escalation: Escalation,
        *,
        due_at: datetime,
        now: datetime,
        silence: str | None = None,
    ) -> None:
        payload: dict[str, Any] = {"firing": escalation.firings}
        if silence is not None:
            payload["silence"] = silence
        await self._set(connection, STEP, escalation, due_at=due_at, now=now, payload=payload)

    async def _set_lease(
        self,
        connection: AsyncConnection,
        escalation: Escalation,
        *,
        due_at: datetime,
        now: datetime,
    ) -> None:
        await self._set(connection, LEASE, escalation, due_at=due_at, now=now, payload={})

    async def _set(
        self,
        connection: AsyncConnection,
        kind: str,
        escalation: Escalation,
        *,
        due_at: datetime,
        now: datetime,
        payload: Mapping[str, Any],
    ) -> None:
        spec = TimerSpec(
            kind=kind,
            subject_type=SUBJECT,
            subject_id=escalation.id,
            incident_id=escalation.incident_id,
            due_at=due_at,
            payload=payload,
        )
        await self._timers.set(connection, spec, now=now)

    async def _cancel(self, connection: AsyncConnection, escalation: Escalation) -> None:
        await self._timers.cancel(connection, subject=(SUBJECT, escalation.id), kinds=[STEP, LEASE])
