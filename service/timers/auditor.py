"""The auditor of deadlines: says loudly that a timer is long due and nobody has fired it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, func, or_, select

from service.clock import Clock
from service.db import Database
from service.db.horizon import RECHECK, Horizon
from service.db.tables import incident, timer
from service.metrics import timers_overdue
from service.timers.model import TimerState
from service.timers.repository import earliest_due

GRACE = timedelta(minutes=2)
EVERY = timedelta(minutes=1)
NAMED = 20
"""Most timers that one alarm names; the count is of all."""

log = structlog.get_logger(__name__)


def show(overdue: int) -> None:
    """Put the number of overdue timers into the metrics, for an alert outside."""
    timers_overdue.set(overdue)


class DeadlineAuditor:
    """A job, at most once a minute while a timer is pending. It reads only and fires nothing.

    It trusts neither the engine nor its job: a timer whose handler keeps failing is overdue too,
    and so is one that was given up, for as long as its incident is open.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        alarm: Callable[[int], None] = show,
        grace: timedelta = GRACE,
        recheck: timedelta | None = RECHECK,
    ) -> None:
        """`alarm` is told the number of overdue timers at each look, zero included."""
        self._database = database
        self._horizon = Horizon(database, clock=clock, query=earliest_due, recheck=recheck)
        self._alarm = alarm
        self._grace = grace
        self._looked_at: datetime | None = None
        self._missed = 0

    @property
    def name(self) -> str:
        return "deadline-auditor"

    async def next_at(self) -> datetime | None:
        """When the earliest pending timer misses its grace; each minute while an alarm stands."""
        if self._missed and self._looked_at is not None:
            return self._looked_at + EVERY
        earliest = await self._horizon.earliest()
        if earliest is None:
            return None
        missed_at = earliest + self._grace
        if self._looked_at is None:
            return missed_at
        return max(missed_at, self._looked_at + EVERY)

    async def run(self, now: datetime) -> int:
        """Answers how many timers are overdue beyond the grace."""
        self._looked_at = now
        burning = select(incident.c.id).where(
            incident.c.id == timer.c.incident_id, incident.c.closed_at.is_(None)
        )
        overdue = or_(
            and_(timer.c.state == TimerState.PENDING, timer.c.due_at <= now - self._grace),
            and_(timer.c.state == TimerState.FAILED, burning.exists()),
        )
        async with self._database.read() as connection:
            count = await connection.scalar(select(func.count()).select_from(timer).where(overdue))
            worst = (
                await connection.execute(
                    select(timer.c.id, timer.c.kind, timer.c.subject_id, timer.c.due_at)
                    .where(overdue)
                    .order_by(timer.c.due_at, timer.c.id)
                    .limit(NAMED)
                )
            ).all()
        self._missed = missed = int(count or 0)
        self._alarm(missed)
        if missed:
            log.error(
                "timer.overdue",
                count=missed,
                late_by_s=(now - worst[0].due_at).total_seconds(),
                timers=[f"{row.id} {row.kind} {row.subject_id}" for row in worst],
            )
        return missed
