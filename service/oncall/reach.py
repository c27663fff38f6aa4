"""Whether anybody was reached: an incident of which no page arrived is loud everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.committed import when_committed
from service.delivery import DeliveryNews, DeliveryReport
from service.incidents import OPEN_STATES, Incident
from service.incidents import repository as incident_rows
from service.incidents.pages import note_page
from service.incidents.trail import trace
from service.metrics import incidents_unreached
from service.oncall import escalations, unanswered
from service.oncall.arrival import NEWS, PAGES, YOUNG, arrived, was_paged
from service.oncall.escalation import Escalation
from service.oncall.outcry import Outcry, Unreached
from service.oncall.reach_flag import mark
from service.oncall.silence_rows import silence_of
from service.timers import (
    FiredTimer,
    Stale,
    TimerHandler,
    Timers,
    TimerSpec,
    TimerState,
    timer_id,
)

KIND, SUBJECT = "oncall.reach", "incident"


class Reach:
    """Looks once, in time, whether a page has arrived; and hears of each that does later."""

    def __init__(self, *, timers: Timers, gravest: str, outcry: Outcry) -> None:
        """`gravest` is the tier above all others."""
        self._timers = timers
        self._gravest = gravest
        self._outcry = outcry

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {KIND: self.look}

    async def watch(
        self, connection: AsyncConnection, incident: Incident, *, within: timedelta, now: datetime
    ) -> None:
        """A page that is made from `now` on must have arrived within that time."""
        await self._set(connection, incident.id, due_at=now + within, now=now, since=now)

    async def watch_pages_of(
        self,
        connection: AsyncConnection,
        incident: Incident,
        escalation: Escalation,
        *,
        now: datetime,
    ) -> None:
        """What it pages from `now` on must have arrived within the time of its chain."""
        within = timedelta(minutes=escalation.chain.reach_min)
        await self.watch(connection, incident, within=within, now=now)

    async def wake(self, connection: AsyncConnection, incident: Incident, *, now: datetime) -> None:
        """The silence is over before its time: a look that waits for its end is due earlier."""
        waiting = await connection.execute(
            select(tables.timer.c.payload).where(
                tables.timer.c.id == timer_id(SUBJECT, incident.id, KIND),
                tables.timer.c.state == TimerState.PENDING.value,
            )
        )
        payload = waiting.scalar()
        if payload is not None and "silenced_s" in payload:
            within = timedelta(seconds=float(payload["silenced_s"]))
            await self.watch(connection, incident, within=within, now=now)

    async def _set(
        self,
        connection: AsyncConnection,
        incident_id: str,
        *,
        due_at: datetime,
        now: datetime,
        since: datetime,
        **payload: float,
    ) -> None:
        spec = TimerSpec(
            kind=KIND,
            subject_type=SUBJECT,
            subject_id=incident_id,
            incident_id=incident_id,
            due_at=due_at,
            payload={"since": since.isoformat(), **payload},
        )
        await self._timers.set(connection, spec, now=now)

    async def forget(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        """The incident is over, or somebody has it: nobody need be reached."""
        if await mark(connection, incident.id, None) is None:
            await self._set(connection, incident.id, due_at=now, now=now, since=now)
        else:
            await self._timers.cancel(
                connection, subject=(SUBJECT, incident.id), kinds=[KIND, unanswered.KIND]
            )

    async def look(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: nobody reached, and nobody there by themselves, is said aloud."""
        incident = await incident_rows.find(connection, fired.subject_id)
        if incident is None:
            return Stale.SUBJECT_GONE
        now, since = fired.fired_at, datetime.fromisoformat(str(fired.payload["since"]))
        held = await escalations.is_held(connection, incident.id)
        if incident.state not in OPEN_STATES or held:
            await self._clear(connection, incident.id, now=now)
            return Stale.NO_LONGER_DUE
        silence = await silence_of(connection, incident, gravest=self._gravest, now=now)
        if silence is not None:
            waited = float(
                fired.payload.get("silenced_s") or (fired.due_at - since).total_seconds()
            )
            due_at = silence.ends_at + timedelta(seconds=waited)
            await self._set(
                connection, incident.id, due_at=due_at, now=now, since=now, silenced_s=waited
            )
            return None
        if await arrived(connection, incident.id, since, now=now):
            if await escalations.is_unanswered(connection, incident.id):
                return None
            if await self._clear(connection, incident.id, now=now):
                await trace(connection, incident.id, "reached_again", {}, now=now)
            return None
        if await mark(connection, incident.id, now) is None:
            await self._set(connection, incident.id, due_at=now + YOUNG, now=now, since=since)
            return None
        await trace(
            connection, incident.id, "reached_nobody", {"since": since.isoformat()}, now=now
        )
        if not incident.drill:
            when_committed(connection, incidents_unreached.inc)
        await self._outcry.cry(connection, incident.id, Unreached.NOT_DELIVERED, now=now)
        return None

    async def heard(self, connection: AsyncConnection, report: DeliveryReport) -> None:
        """News of a delivery: on the timeline, and a page that has arrived takes the flag away."""
        await note_page(connection, report)
        incident_id, kind = report.event.incident_id, report.event.message.type
        if report.news is not DeliveryNews.SENT or incident_id is None:
            return
        if kind in NEWS and await was_paged(connection, incident_id):
            return
        if kind not in PAGES + NEWS:
            return
        if await escalations.is_unanswered(connection, incident_id):
            return
        changed = await mark(connection, incident_id, None)
        if changed is None:
            await self._look_soon(connection, incident_id, now=report.at)
        elif changed:
            data = {"channel": report.channel_id}
            await trace(connection, incident_id, "reached_again", data, now=report.at)

    async def _look_soon(
        self, connection: AsyncConnection, incident_id: str, *, now: datetime
    ) -> None:
        """Somebody moves the incident at this moment: the look takes the flag away instead.

        Who holds its timer too is about to set or to cancel it.
        """
        table = tables.timer
        timer = await connection.execute(
            select(table.c.payload)
            .where(table.c.id == timer_id(SUBJECT, incident_id, KIND))
            .with_for_update(skip_locked=True)
        )
        payload = timer.scalar()
        if payload is not None:
            since = datetime.fromisoformat(str(payload["since"]))
            await self._set(connection, incident_id, due_at=now, now=now, since=since)

    async def _clear(self, connection: AsyncConnection, incident_id: str, *, now: datetime) -> bool:
        """Take the flag away, now or a little later; whether now."""
        changed = await mark(connection, incident_id, None)
        if changed is None:
            later = now + YOUNG
            await self._set(connection, incident_id, due_at=later, now=now, since=now)
        return bool(changed)
