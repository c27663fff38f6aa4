"""What the timers of escalations do: a step of the chain, a look at the lease."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.incidents import Incident, State
from service.incidents import repository as incident_rows
from service.incidents.trail import trace
from service.oncall import escalations
from service.oncall.escalation import Escalation, EscalationState, Firing, fire, lapse
from service.oncall.escalation_timers import LEASE, STEP, WAITED, EscalationTimers
from service.oncall.escalations import Busy
from service.oncall.reach import Reach
from service.oncall.silence_rows import silence_of
from service.oncall.stepping import make_step
from service.oncall.unanswered import Unanswered
from service.timers import FiredTimer, Stale, TimerHandler

LEASED_STATES = frozenset({State.ACKNOWLEDGED, State.RESPONDING})
"""What somebody has taken burns still; what is watched or resolved may rest without a deed."""
_SOON = timedelta(seconds=5)


class DueSteps:
    """Handlers of timers, each in one transaction."""

    def __init__(
        self,
        *,
        timers: EscalationTimers,
        reach: Reach,
        unanswered: Unanswered,
        gravest: str,
        public_url: str,
    ) -> None:
        """`gravest` is the tier above all others."""
        self._timers = timers
        self._reach = reach
        self._unanswered = unanswered
        self._gravest = gravest
        self._public_url = public_url

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {STEP: self.step_due, LEASE: self.lease_due}

    async def step_due(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: make one step of the chain, and set the timer of the next."""
        found = await self._found(connection, fired)
        if found is None or isinstance(found, Stale):
            return found
        escalation, incident = found
        now = fired.fired_at
        firing = fire(escalation, firing=int(fired.payload["firing"]), now=now)
        if firing is None:
            return Stale.NO_LONGER_DUE
        silence = await silence_of(connection, incident, gravest=self._gravest, now=now)
        if silence is not None:
            # The same step, when the silence is over: a chain must not run out behind it.
            await self._timers.set_step(
                connection, escalation, due_at=silence.ends_at, now=now, waited="silence"
            )
            said = {"silence": silence.id, "until": silence.ends_at.isoformat()}
            await trace(connection, incident.id, "page_silenced", said, now=now)
            return None
        waited = not WAITED.isdisjoint(fired.payload)
        made = await make_step(
            connection,
            incident,
            escalation,
            now=now,
            public_url=self._public_url,
            news=not waited and escalation.firings == 0 and escalation.held_at is None,
        )
        if isinstance(made, datetime):
            # The same step, when somebody wakes up: a chain must not run out while they sleep.
            await self._timers.set_step(
                connection, escalation, due_at=made, now=now, waited="quiet"
            )
            return None
        if made and waited:
            await self._reach.watch_pages_of(connection, incident, escalation, now=now)
        await self._go_on(connection, incident, firing, made=made, now=now)
        return None

    async def _go_on(
        self,
        connection: AsyncConnection,
        incident: Incident,
        firing: Firing,
        *,
        made: int,
        now: datetime,
    ) -> None:
        following = firing.escalation
        await escalations.save(connection, replace(following, pages=following.pages + made))
        if firing.next_at is not None:
            await self._timers.set_step(connection, following, due_at=firing.next_at, now=now)
        if firing.last:
            data = {
                "escalation": following.id,
                "chain": following.chain.id,
                "again_at": None if firing.next_at is None else firing.next_at.isoformat(),
            }
            await trace(connection, incident.id, "escalation_exhausted", data, now=now)
        if firing.said:
            answer_by = now + timedelta(minutes=following.chain.again_min)
            await self._unanswered.expect(connection, following, due_at=answer_by, now=now)

    async def lease_due(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: whoever acknowledged has been idle for long enough, or has not."""
        found = await self._found(connection, fired)
        if found is None or isinstance(found, Stale):
            return found
        escalation, incident = found
        now = fired.fired_at
        if escalation.state is not EscalationState.HELD or incident.state not in LEASED_STATES:
            return Stale.NO_LONGER_DUE
        after = lapse(escalation, now=now)
        if isinstance(after, datetime):
            await self._timers.set_lease(connection, escalation, due_at=after, now=now)
            return None
        await escalations.save(connection, after)
        data = {"by": escalation.held_by, "minutes": escalation.chain.lease_min}
        await trace(connection, incident.id, "acknowledgement_lapsed", data, now=now)
        await self._timers.set_step(connection, after, due_at=now, now=now)
        await self._reach.watch_pages_of(connection, incident, after, now=now)
        return None

    async def silence_over(self, connection: AsyncConnection, *, now: datetime) -> None:
        """Steps that waited for a silence which has ended early fire now; so are looks at pages."""
        for escalation in await escalations.running(connection):
            incident = await incident_rows.get(connection, escalation.incident_id)
            if await silence_of(connection, incident, gravest=self._gravest, now=now) is None:
                await self._timers.wake(connection, escalation, now=now)
                await self._reach.wake(connection, incident, now=now)

    async def _found(
        self, connection: AsyncConnection, fired: FiredTimer
    ) -> tuple[Escalation, Incident] | Stale | None:
        """None while somebody writes it: then the timer fires again, soon."""
        escalation = await escalations.find(connection, fired.subject_id)
        if isinstance(escalation, Busy):
            # Not a failure: after a few of them a timer is given up, and its chain with it.
            now = fired.fired_at
            await self._timers.again(connection, fired, due_at=now + _SOON, now=now)
            return None
        incident = (
            None
            if escalation is None
            else await incident_rows.find(connection, escalation.incident_id)
        )
        if escalation is None or incident is None:
            return Stale.SUBJECT_GONE
        return escalation, incident
