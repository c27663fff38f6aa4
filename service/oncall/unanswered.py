"""A chain that has run out and that nobody has answered: said aloud, and kept on the incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.incidents import repository as incident_rows
from service.incidents.trail import trace
from service.oncall import escalations
from service.oncall.escalation import Escalation, EscalationState
from service.oncall.escalations import Busy
from service.oncall.outcry import Outcry, Unreached
from service.oncall.reach_flag import mark
from service.oncall.silence_rows import silence_of
from service.timers import FiredTimer, Stale, TimerHandler, Timers, TimerSpec

KIND, SUBJECT = "oncall.unanswered", "incident"
_LATER = timedelta(minutes=1)


class Unanswered:
    """Looks, some time after the last step, whether anybody has acknowledged."""

    def __init__(self, *, timers: Timers, gravest: str, outcry: Outcry) -> None:
        """`gravest` is the tier above all others."""
        self._timers = timers
        self._gravest = gravest
        self._outcry = outcry

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {KIND: self.look}

    async def expect(
        self,
        connection: AsyncConnection,
        escalation: Escalation,
        *,
        due_at: datetime,
        now: datetime,
    ) -> None:
        """Every step has fired: by then somebody must have acknowledged."""
        spec = TimerSpec(
            kind=KIND,
            subject_type=SUBJECT,
            subject_id=escalation.incident_id,
            incident_id=escalation.incident_id,
            due_at=due_at,
            payload={"escalation": escalation.id},
        )
        await self._timers.set(connection, spec, now=now)

    async def look(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: nobody has. The flag stays until somebody does, whatever arrives."""
        incident, now = await incident_rows.find(connection, fired.subject_id), fired.fired_at
        if incident is None:
            return Stale.SUBJECT_GONE
        asked = await escalations.find(connection, str(fired.payload["escalation"]))
        if asked is None:
            return Stale.SUBJECT_GONE
        if not isinstance(asked, Busy):
            if asked.is_over or asked.state is EscalationState.HELD:
                return Stale.NO_LONGER_DUE
            silence = await silence_of(connection, incident, gravest=self._gravest, now=now)
            if silence is not None:
                await self.expect(connection, asked, due_at=silence.ends_at, now=now)
                return None
        if isinstance(asked, Busy) or await mark(connection, incident.id, now) is None:
            # Somebody writes it at this moment, and maybe acknowledges.
            await self._timers.set(connection, fired.again(now + _LATER), now=now)
            return None
        since = asked.unanswered_at or now
        await escalations.save(connection, replace(asked, unanswered_at=since))
        data = {"escalation": asked.id, "since": asked.started_at.isoformat(), "anew": asked.anew}
        await trace(connection, incident.id, "unanswered", data, now=now)
        await self._outcry.cry(connection, incident.id, Unreached.UNANSWERED, now=now)
        return None
