"""The timer engine: fires what is due, in order, each in one transaction, once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.db import Database
from service.db.horizon import RECHECK, Horizon
from service.db.storable import storable
from service.db.tables import timer
from service.metrics import timer_lateness_seconds, timers_fired
from service.timers.errors import UnknownTimerKind
from service.timers.model import (
    FiredTimer,
    ObserveTimer,
    Stale,
    TimerHandler,
    TimerOutcome,
    TimerState,
)
from service.timers.repository import claimable, earliest_claim, later_than

BATCH = 200
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 80, 320, 1280))
"""Waits after each failure of a handler; one failure more and the timer is failed."""

log = structlog.get_logger(__name__)


def count(kind: str, outcome: TimerOutcome, late_by: timedelta) -> None:
    """Put a firing into the metrics."""
    timers_fired.labels(kind=kind, outcome=outcome.value).inc()
    if outcome is TimerOutcome.FIRED:
        timer_lateness_seconds.labels(kind=kind).observe(late_by.total_seconds())


class TimerEngine:
    """A job. Any number of engines may share a database: a row lock lets one of them fire a timer.

    The state change and everything the handler does on its connection are one transaction, so a
    kill at any instant leaves either both or none, and the timer fires again or never again.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        owner: str,
        handlers: Mapping[str, TimerHandler],
        observe: ObserveTimer = count,
        recheck: timedelta | None = RECHECK,
    ) -> None:
        """`handlers` by timer kind; `owner` names this worker in logs; `recheck` as in Horizon."""
        self._database = database
        self._clock = clock
        self._handlers = dict(handlers)
        self._observe = observe
        self._horizon = Horizon(database, clock=clock, query=earliest_claim, recheck=recheck)
        self._log = log.bind(owner=owner)

    @property
    def name(self) -> str:
        return "timers"

    async def next_at(self) -> datetime | None:
        return await self._horizon.earliest()

    async def run(self, now: datetime) -> int:
        """Fire every timer due at `now`, earliest first; answers how many fired."""
        fired = 0
        async for due in self._due(now):
            fired += await self._settle(due)
        return fired

    async def _due(self, now: datetime) -> AsyncIterator[tuple[FiredTimer, int]]:
        """(timer, generation) in firing order; what a handler sets anew waits for the next run."""
        last: tuple[datetime, str] | None = None
        while True:
            wanted = [claimable(now)] if last is None else [claimable(now), later_than(*last)]
            async with self._database.read() as connection:
                rows = (
                    await connection.execute(
                        select(timer)
                        .where(*wanted)
                        .order_by(timer.c.due_at, timer.c.id)
                        .limit(BATCH)
                    )
                ).all()
            for row in rows:
                fired_at = max(now, self._clock.now())
                yield (
                    FiredTimer(
                        id=row.id,
                        kind=row.kind,
                        subject_type=row.subject_type,
                        subject_id=row.subject_id,
                        incident_id=row.incident_id,
                        due_at=row.due_at,
                        fired_at=fired_at,
                        late_by=fired_at - row.due_at,
                        payload=row.payload,
                    ),
                    row.generation,
                )
            if len(rows) < BATCH:
                return
            last = (rows[-1].due_at, rows[-1].id)

    async def _settle(self, due: tuple[FiredTimer, int]) -> bool:
        fired, generation = due
        try:
            async with self._database.write() as connection:
                outcome = await self._fire(connection, fired, generation)
        except Exception as error:
            await self._hold_back(fired, generation, error)
            return False
        if outcome is None:
            return False
        self._observe(fired.kind, outcome, fired.late_by)
        return outcome is TimerOutcome.FIRED

    async def _fire(
        self, connection: AsyncConnection, fired: FiredTimer, generation: int
    ) -> TimerOutcome | None:
        """The claim and the handler's effects; None when somebody else has it or it was moved."""
        row = (
            await connection.execute(
                select(timer)
                .where(
                    timer.c.id == fired.id,
                    timer.c.generation == generation,
                    claimable(fired.fired_at),
                )
                .with_for_update(skip_locked=True)
            )
        ).first()
        if row is None:
            return None
        fired = replace(fired, payload=row.payload, incident_id=row.incident_id)
        handler = self._handlers.get(fired.kind)
        if handler is None:
            raise UnknownTimerKind(
                f"timer {fired.id} is of kind {fired.kind!r}; handlers exist for "
                f"{', '.join(sorted(self._handlers)) or 'none'}"
            )
        # Before the handler: it may set the very same timer anew, and that must stand.
        await connection.execute(
            update(timer)
            .where(timer.c.id == fired.id)
            .values(
                state=TimerState.FIRED.value,
                fired_at=fired.fired_at,
                late_by_s=fired.late_by.total_seconds(),
                retry_at=None,
            )
        )
        stale = await handler(connection, fired)
        if stale is None:
            return TimerOutcome.FIRED
        await self._cancel_stale(connection, fired, generation, stale)
        return TimerOutcome.STALE

    async def _cancel_stale(
        self, connection: AsyncConnection, fired: FiredTimer, generation: int, stale: Stale
    ) -> None:
        await connection.execute(
            update(timer)
            .where(timer.c.id == fired.id, timer.c.generation == generation)
            .values(
                state=TimerState.CANCELLED.value, fired_at=None, late_by_s=None, error=stale.value
            )
        )

    async def _hold_back(self, fired: FiredTimer, generation: int, error: Exception) -> None:
        """Remember the failure outside of what was rolled back, and go on with the others."""
        try:
            async with self._database.write() as connection:
                failures = await self._count_failure(connection, fired, generation, error)
        except Exception:
            # The database itself is away: the timer is untouched and comes up in the next run.
            self._log.exception("timer.failure_not_recorded", timer=fired.id, kind=fired.kind)
            return
        if failures is None:
            return
        given_up = failures > len(BACKOFF)
        outcome = TimerOutcome.FAILED if given_up else TimerOutcome.RETRY
        self._observe(fired.kind, outcome, fired.late_by)
        self._log.error(
            f"timer.{outcome}",
            timer=fired.id,
            kind=fired.kind,
            subject=f"{fired.subject_type}:{fired.subject_id}",
            incident=fired.incident_id,
            due_at=fired.due_at.isoformat(),
            failures=failures,
            exc_info=error,
        )

    async def _count_failure(
        self,
        connection: AsyncConnection,
        fired: FiredTimer,
        generation: int,
        error: Exception,
    ) -> int | None:
        mine = and_(
            timer.c.id == fired.id,
            timer.c.generation == generation,
            timer.c.state == TimerState.PENDING,
        )
        before = await connection.scalar(select(timer.c.failures).where(mine).with_for_update())
        if before is None:
            return None
        failures: int = before + 1
        values = {"failures": failures, "error": storable(f"{type(error).__name__}: {error}"[:500])}
        if failures > len(BACKOFF):
            values |= {"state": TimerState.FAILED.value, "retry_at": None}
        else:
            values |= {"retry_at": fired.fired_at + BACKOFF[failures - 1]}
        await connection.execute(update(timer).where(mine).values(**values))
        return failures
