"""Steps of a playbook that are long late: whoever stands for their `escalate_to` is paged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import RunStep
from service.incidents import OPEN_STATES, Incident
from service.incidents import repository as incident_rows
from service.oncall.role_calls import LATE_KIND, RoleCall, RoleCalls, call_of
from service.response import repository as run_rows
from service.timers import FiredTimer, Stale, TimerHandler


class LateSteps:
    """What `Effects` tells of an escalated step, in the transaction that escalates it."""

    def __init__(self, calls: RoleCalls) -> None:
        self._calls = calls

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {LATE_KIND: self.due}

    async def __call__(
        self, connection: AsyncConnection, incident: Incident, step: RunStep, *, now: datetime
    ) -> None:
        """Call for the role, and for the deputy with it, or by the chain of the role.

        Nobody is named for it: then the news of it, which every channel may have, is the page.
        """
        title = {"zh": step.step.title.zh, "en": step.step.title.en}
        call = RoleCall(
            kind=LATE_KIND,
            role=step.step.escalate_to.value,
            subject=step.id,
            details={"step": step.id, "title": title},
        )
        await self._calls.begin(connection, incident, call, now=now)

    async def due(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: the call waited, or its chain goes on; not for a step that is done."""
        incident_id = fired.incident_id or ""
        incident = await incident_rows.find(connection, incident_id)
        stored = await run_rows.find(connection, incident_id)
        if incident is None or stored is None:
            return Stale.SUBJECT_GONE
        call = call_of(fired)
        waiting = any(step.id == call.subject and step.open for step in stored.run.steps)
        if incident.state not in OPEN_STATES or not waiting:
            return Stale.NO_LONGER_DUE
        await self._calls.make(connection, incident, call, now=fired.fired_at)
        return None
