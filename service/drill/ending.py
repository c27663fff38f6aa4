"""The end of a drill: the score sheet first, then nothing of it goes on, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Withdrawn
from service.db import tables
from service.drill.model import Drill, DrillState
from service.drill.records import names_of_people, scored
from service.drill.sheet import sheet_of
from service.incidents import OPEN_STATES, Action, Incident, Incidents
from service.incidents import repository as incident_rows
from service.incidents.model import SYSTEM_ACTOR
from service.response import Responses
from service.statements.ledger import SUBJECT as PROMISE
from service.timers import Timers

OVER = "演练结束 / the drill is over"


class Endings:
    """Scores, withdraws what is open, cancels what is pending."""

    def __init__(self, *, incidents: Incidents, responses: Responses, timers: Timers) -> None:
        self._incidents = incidents
        self._responses = responses
        self._timers = timers

    async def end(
        self,
        connection: AsyncConnection,
        drill: Drill,
        state: DrillState,
        *,
        now: datetime,
        by: str = SYSTEM_ACTOR,
        reason: str | None = None,
    ) -> None:
        """End it in that state; one that has no incident yet has no sheet."""
        ids = tuple(drill.incidents.values())
        sheet = await self.sheet(connection, drill, now=now) if ids else None
        for incident_id in ids:
            await self._withdraw(connection, incident_id, by=by, now=now)
        table = tables.drill
        await connection.execute(
            update(table)
            .where(table.c.id == drill.id)
            .values(
                state=state.value,
                slot=None,
                sheet=sheet,
                reason=reason,
                ended_at=now,
                ended_by=by,
            )
        )

    async def sheet(
        self, connection: AsyncConnection, drill: Drill, *, now: datetime
    ) -> dict[str, Any]:
        """The score sheet as it stands at that instant."""
        found = await scored(connection, drill.incidents.values())
        return sheet_of(found, names=await names_of_people(connection), at=now)

    async def _withdraw(
        self, connection: AsyncConnection, incident_id: str, *, by: str, now: datetime
    ) -> None:
        incident = await incident_rows.get(connection, incident_id)
        if incident.state in OPEN_STATES:
            await self._incidents.move(
                connection,
                incident,
                Action.MARK_FALSE_POSITIVE,
                actor=by,
                now=now,
                reason=OVER,
            )
        else:
            # Closed by the team itself: what its playbook asks for afterwards is asked of nobody.
            await self._responses.apply(connection, incident, Withdrawn(by=by), actor=by, now=now)
        await self._timers.cancel(connection, incident_id=incident_id)
        await self._forget_promises(connection, incident)

    async def _forget_promises(self, connection: AsyncConnection, incident: Incident) -> None:
        """What was promised in a drill is owed to nobody; its timers name the promise alone."""
        table = tables.promise
        rows = await connection.execute(
            select(table.c.id).where(table.c.incident_id == incident.id)
        )
        for promise_id in rows.scalars().all():
            await self._timers.cancel(connection, subject=(PROMISE, promise_id))
