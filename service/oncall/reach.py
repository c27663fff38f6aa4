"""Whether anybody was reached: an incident of which no page arrived is loud everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.delivery import DeliveryNews, DeliveryReport, DeliveryState, SendOutcome, outbox
from service.events import EventType
from service.incidents import Incident, State
from service.incidents import repository as incident_rows
from service.incidents.pages import note_page
from service.incidents.trail import trace
from service.incidents.view import told_view
from service.metrics import incidents_unreached
from service.oncall.silence_rows import silence_of
from service.timers import FiredTimer, Stale, TimerHandler, Timers, TimerSpec

KIND, SUBJECT = "oncall.reach", "incident"
_PAGES = (
    EventType.INCIDENT_OPENED,
    EventType.INCIDENT_TIER_CHANGED,
    EventType.INCIDENT_PAGED,
    EventType.INCIDENT_UNREACHED,
)

log = structlog.get_logger(__name__)


class Reach:
    """Looks once, in time, whether a page has arrived; and hears of each that does later."""

    def __init__(
        self, *, timers: Timers, gravest: str, fallback: str | None, public_url: str
    ) -> None:
        """`fallback` is the channel of last resort; None: then every channel is."""
        self._timers = timers
        self._gravest = gravest
        self._fallback = fallback
        self._public_url = public_url

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {KIND: self.look}

    async def watch(
        self, connection: AsyncConnection, incident: Incident, *, within: timedelta, now: datetime
    ) -> None:
        """A page that is made from `now` on must have arrived within that time."""
        spec = TimerSpec(
            kind=KIND,
            subject_type=SUBJECT,
            subject_id=incident.id,
            incident_id=incident.id,
            due_at=now + within,
            payload={"since": now.isoformat()},
        )
        await self._timers.set(connection, spec, now=now)

    async def forget(self, connection: AsyncConnection, incident: Incident) -> None:
        """The incident is over: nobody need be reached."""
        await self._timers.cancel(connection, subject=(SUBJECT, incident.id), kinds=[KIND])
        await self._mark(connection, incident.id, None)

    async def look(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: nobody reached, and nobody there by themselves, is said aloud."""
        incident = await incident_rows.find(connection, fired.subject_id)
        if incident is None:
            return Stale.SUBJECT_GONE
        now, since = fired.fired_at, datetime.fromisoformat(str(fired.payload["since"]))
        if incident.state is not State.NEW:
            return Stale.NO_LONGER_DUE
        silence = await silence_of(connection, incident, gravest=self._gravest, now=now)
        if silence is not None:
            waited = fired.due_at - since
            await self.watch(connection, incident, within=silence.ends_at - now + waited, now=now)
            return None
        if await _arrived(connection, incident.id, since):
            return None
        await self._mark(connection, incident.id, now)
        await trace(
            connection, incident.id, "reached_nobody", {"since": since.isoformat()}, now=now
        )
        if not incident.drill:
            incidents_unreached.inc()
        log.error("oncall.reached_nobody", incident=incident.id, tier=incident.tier)
        await self._cry(connection, incident.id, now=now)
        return None

    async def heard(self, connection: AsyncConnection, report: DeliveryReport) -> None:
        """News of a delivery: on the timeline, and a page that has arrived takes the flag away."""
        await note_page(connection, report)
        incident_id = report.event.incident_id
        if report.news is not DeliveryNews.SENT or incident_id is None:
            return
        if report.event.message.type in _PAGES and await self._mark(connection, incident_id, None):
            data = {"channel": report.channel_id}
            await trace(connection, incident_id, "reached_again", data, now=report.at)

    async def _cry(self, connection: AsyncConnection, incident_id: str, *, now: datetime) -> None:
        """To whoever wants such news, and to the channel of last resort whatever it wants."""
        incident = await incident_rows.get(connection, incident_id)
        last = [self._fallback] if self._fallback else await _channels(connection)
        for only, part in ((None, "all"), (last, "fallback")):
            await outbox.enqueue(
                connection,
                type=EventType.INCIDENT_UNREACHED,
                occurred_at=now,
                incident_id=incident.id,
                tier_rank=incident.tier_rank,
                drill=incident.drill,
                data={"incident": told_view(incident, public_url=self._public_url)},
                parts=[incident.id, now.isoformat(), part],
                only_channels=only,
            )

    async def _mark(
        self, connection: AsyncConnection, incident_id: str, at: datetime | None
    ) -> bool:
        """Whether the flag was not so before. Leaves the version: nobody edits it.

        Looked at first, and never waited for: who moves the incident at this moment may be about to
        cancel the timer, or to take back the delivery, that this transaction holds.
        """
        row, flag = tables.incident.c, tables.incident.c.reached_nobody_at
        other = flag.is_not(None) if at is None else flag.is_(None)
        found = await connection.scalar(select(row.id).where(row.id == incident_id, other))
        if found is None:
            return False
        await connection.execute(
            select(row.id).where(row.id == incident_id).with_for_update(nowait=True)
        )
        await connection.execute(
            update(tables.incident).where(row.id == incident_id).values(reached_nobody_at=at)
        )
        return True


async def _arrived(connection: AsyncConnection, incident_id: str, since: datetime) -> bool:
    """Whether a page that was made since then was taken by its receiver."""
    box, delivery, attempt = tables.outbox, tables.delivery, tables.delivery_attempt
    taken = select(attempt.c.id).where(
        attempt.c.delivery_id == delivery.c.id, attempt.c.outcome == SendOutcome.SENT.value
    )
    found = await connection.scalar(
        select(delivery.c.id)
        .join(box, box.c.id == delivery.c.outbox_id)
        .where(
            box.c.incident_id == incident_id,
            box.c.occurred_at >= since,
            box.c.type.in_([kind.value for kind in _PAGES]),
            or_(delivery.c.state == DeliveryState.SENT.value, taken.exists()),
        )
        .limit(1)
    )
    return found is not None


async def _channels(connection: AsyncConnection) -> list[str]:
    rows = await connection.execute(
        select(tables.channel.c.id).where(tables.channel.c.enabled).order_by(tables.channel.c.id)
    )
    return list(rows.scalars())
