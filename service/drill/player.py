"""The job that plays drills: each move in a transaction of its own, once, whoever makes it.

How far a drill is stands in its row, which is locked while a move is made: a killed process leaves
the move done or not done, and the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.db import Database, tables
from service.db.horizon import RECHECK, Horizon
from service.drill.ending import Endings
from service.drill.model import (
    DEED,
    Drill,
    DrillState,
    Ends,
    Joins,
    Opens,
    Rises,
    brought,
    due_at,
    frozen_now,
)
from service.drill.office import drill_of
from service.incidents import OPEN_STATES, Incident, Incidents
from service.incidents import repository as incident_rows
from service.incidents.model import SYSTEM_ACTOR

_UNPLAYED = "its time was up before all of it was played: no service ran meanwhile"


class DrillPlayer:
    """Brings detection's moves into the live queue, as drills, at the drill's speed."""

    name = "drill"

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        incidents: Incidents,
        endings: Endings,
        recheck: timedelta | None = RECHECK,
    ) -> None:
        self._database = database
        self._incidents = incidents
        self._endings = endings
        self._horizon = Horizon(database, clock=clock, query=next_due, recheck=recheck)

    async def next_at(self) -> datetime | None:
        return await self._horizon.earliest()

    async def run(self, now: datetime) -> int:
        """Make every move that is due; answers how many, the end of the drill being one."""
        made = 0
        while await self._step(now):
            made += 1
        return made

    async def _step(self, now: datetime) -> bool:
        async with self._database.write() as connection:
            drill = await _running(connection, lock=True)
            if drill is None or drill.started_at is None:
                return False
            move = await _next_move(connection, drill)
            if move is None or (drill.ends_at is not None and drill.ends_at <= now):
                if not await _is_over(connection, drill, now=now):
                    return False
                state = DrillState.DONE if move is None else DrillState.FAILED
                reason = None if move is None else _UNPLAYED
                await self._endings.end(connection, drill, state, now=now, reason=reason)
                return True
            at, offset_s, deed = move
            if due_at(drill.started_at, offset_s, drill.speed) > now:
                return False
            incidents = await self._make(connection, drill, DEED.validate_python(deed), at, now=now)
            await connection.execute(
                update(tables.drill)
                .where(tables.drill.c.id == drill.id)
                .values(played=drill.played + 1, incidents=dict(incidents))
            )
            return True

    async def _make(
        self,
        connection: AsyncConnection,
        drill: Drill,
        deed: Opens | Joins | Rises | Ends,
        then: datetime,
        *,
        now: datetime,
    ) -> Mapping[str, str]:
        if isinstance(deed, Opens):
            opened = await self._open(connection, drill, deed, then, now=now)
            return {**drill.incidents, deed.key: opened.id}
        incident = await incident_rows.find(connection, drill.incidents.get(deed.key, ""))
        # What people have closed or merged is moved by nothing; as with real ones.
        if incident is not None and incident.state in OPEN_STATES:
            await self._change(connection, incident, deed, then, now=now)
        return drill.incidents

    async def _open(
        self,
        connection: AsyncConnection,
        drill: Drill,
        deed: Opens,
        then: datetime,
        *,
        now: datetime,
    ) -> Incident:
        opening = brought(deed.opening, then=then, now=now, monitor=drill.monitor)
        standing = await _taking_instead(connection, opening.monitor_id, opening.scenario)
        if standing is not None:
            # Somebody gave another incident of the drill this scenario: only one takes its posts.
            await self._incidents.end_taking(
                connection, standing, reason="superseded", contained=False, now=now
            )
        return await self._incidents.open(connection, opening, now=now)

    async def _change(
        self,
        connection: AsyncConnection,
        incident: Incident,
        deed: Joins | Rises | Ends,
        then: datetime,
        *,
        now: datetime,
    ) -> None:
        if isinstance(deed, Joins):
            last = deed.last_post_at
            await self._incidents.take(
                connection,
                incident,
                posts=deed.posts,
                evidence=frozen_now(deed.evidence, now=now),
                last_post_at=None if last is None else last + (now - then),
                first_post=None,
                now=now,
            )
        elif isinstance(deed, Ends):
            await self._incidents.end_taking(
                connection, incident, reason=deed.reason, contained=deed.contained, now=now
            )
        elif deed.rank > incident.floor_rank:
            await self._incidents.set_tier(
                connection,
                incident,
                tier=deed.tier,
                rank=deed.rank,
                reasons=deed.reasons,
                actor=SYSTEM_ACTOR,
                now=now,
                explanation=deed.explanation,
            )


async def next_due(connection: AsyncConnection) -> datetime | None:
    """When the drill that goes on has its next move, or its end."""
    drill = await _running(connection)
    if drill is None or drill.started_at is None:
        return None
    move = await _next_move(connection, drill)
    if move is None:
        over = await _is_over(connection, drill, now=drill.started_at)
        return drill.started_at if over else drill.ends_at
    return due_at(drill.started_at, move[1], drill.speed)


async def _running(connection: AsyncConnection, *, lock: bool = False) -> Drill | None:
    query = select(tables.drill).where(tables.drill.c.state == DrillState.RUNNING.value)
    row = (
        await connection.execute(query.with_for_update(skip_locked=True) if lock else query)
    ).first()
    return None if row is None else drill_of(row)


async def _next_move(
    connection: AsyncConnection, drill: Drill
) -> tuple[datetime, float, object] | None:
    """Its instant on the tape, the seconds behind the first, and the deed; None at the end."""
    table = tables.drill_move.c
    row = (
        await connection.execute(
            select(table.at, table.offset_s, table.deed).where(
                table.drill_id == drill.id, table.position == drill.played
            )
        )
    ).first()
    return None if row is None else (row.at, row.offset_s, row.deed)


async def _is_over(connection: AsyncConnection, drill: Drill, *, now: datetime) -> bool:
    """Whether its time is up, or the team has closed every incident of it."""
    if drill.ends_at is not None and drill.ends_at <= now:
        return True
    incident = tables.incident.c
    still = await connection.scalar(
        select(func.count()).where(
            incident.id.in_(list(drill.incidents.values())),
            incident.state.in_([state.value for state in OPEN_STATES]),
        )
    )
    return not still


async def _taking_instead(
    connection: AsyncConnection, monitor_id: str, scenario: str | None
) -> Incident | None:
    """The drill incident that takes the posts of a monitor and scenario, if one does."""
    incident = tables.incident.c
    found = await connection.scalar(
        select(incident.id).where(
            incident.monitor_id == monitor_id,
            incident.scenario == scenario,
            incident.drill.is_(True),
            incident.taking_ended_at.is_(None),
        )
    )
    return None if found is None else await incident_rows.get(connection, found)
