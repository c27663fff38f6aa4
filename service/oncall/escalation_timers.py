"""The two timers of an escalation: of its next step, and of the lease of whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.oncall.escalation import Escalation
from service.timers import FiredTimer, Timers, TimerSpec, TimerState, timer_id

STEP, LEASE = "oncall.step", "oncall.lease"
SUBJECT = "escalation"
WAITED = frozenset({"silence", "quiet", "woken"})


class EscalationTimers:
    """Sets and cancels them, inside the caller's transaction."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers

    async def set_step(
        self,
        connection: AsyncConnection,
        escalation: Escalation,
        *,
        due_at: datetime,
        now: datetime,
        waited: str | None = None,
    ) -> None:
        """`waited` says for what: a silence, quiet hours, or until it was woken."""
        payload: dict[str, Any] = {"firing": escalation.firings}
        if waited is not None:
            payload[waited] = True
        await self._set(connection, STEP, escalation, due_at=due_at, now=now, payload=payload)

    async def set_lease(
        self,
        connection: AsyncConnection,
        escalation: Escalation,
        *,
        due_at: datetime,
        now: datetime,
    ) -> None:
        """When the lease is looked at."""
        await self._set(connection, LEASE, escalation, due_at=due_at, now=now, payload={})

    async def again(
        self, connection: AsyncConnection, fired: FiredTimer, *, due_at: datetime, now: datetime
    ) -> None:
        """The same one once more: what it is about is being written at this moment."""
        await self._timers.set(connection, fired.again(due_at), now=now)

    async def wake(
        self, connection: AsyncConnection, escalation: Escalation, *, now: datetime
    ) -> None:
        """A step that waits for the end of a silence is due now."""
        waiting = await self._timers.get(connection, timer_id(SUBJECT, escalation.id, STEP))
        if waiting.state is TimerState.PENDING and "silence" in waiting.payload:
            await self.set_step(connection, escalation, due_at=now, now=now, waited="woken")

    async def cancel(self, connection: AsyncConnection, escalation: Escalation) -> None:
        """Both."""
        await self._timers.cancel(connection, subject=(SUBJECT, escalation.id), kinds=[STEP, LEASE])

    async def cancel_all(self, connection: AsyncConnection, incident_id: str) -> None:
        """Those of every escalation that the incident has had."""
        await self._timers.cancel(connection, incident_id=incident_id, kinds=[STEP, LEASE])

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
