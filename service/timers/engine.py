"""The timer engine: fires what is due, in order, each in one transaction, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.db import Database
from service.db.contention import contended
from service.db.horizon import RECHECK, Horizon
from service.db.tables import timer
from service.metrics import timer_lateness_seconds, timers_fired
from service.timers.errors import UnknownTimerKind
from service.timers.lanes import FiringQueue
from service.timers.model import (
    FiredTimer,
    ObserveTimer,
    Stale,
    TimerHandler,
    TimerOutcome,
    TimerState,
)
from service.timers.repository import CLAIM, claimable, earliest_claim, later_than
from service.timers.setback import BACKOFF, count_failure, give_way

BATCH = 200
LANES = 4
"""Transactions at once on a server."""

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
        concurrency: int = 1,
        recheck: timedelta | None = RECHECK,
    ) -> None:
        """`handlers` by timer kind; `owner` names this worker in logs; `recheck` as in Horizon.

        `concurrency` is of transactions, of different incidents: they hide the way to a server.
        SQLite has one writer, and replay wants the order of everything.
        """
        self._database = database
        self._clock = clock
        self._handlers = dict(handlers)
        self._observe = observe
        self._concurrency = concurrency
        self._horizon = Horizon(database, clock=clock, query=self._earliest, recheck=recheck)
        self._log = log.bind(owner=owner)

    @property
    def name(self) -> str:
        return "timers"

    async def next_at(self) -> datetime | None:
        return await self._horizon.earliest()

    async def _earliest(self, connection: AsyncConnection) -> datetime | None:
        return await earliest_claim(connection, now=self._clock.now())

    async def run(self, now: datetime) -> int:
        """Fire every timer due at `now`, earliest first; answers how many fired."""
        fired = 0
        async for batch in self._due(now):
            fired += await self._fire_all(FiringQueue(batch), now)
        return fired

    async def _due(self, now: datetime) -> AsyncIterator[Sequence[Row[Any]]]:
        """What is due, in firing order; what a handler sets anew waits for the next run."""
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
            yield rows
            if len(rows) < BATCH:
                return
            last = (rows[-1].due_at, rows[-1].id)

    async def _fire_all(self, queue: FiringQueue, now: datetime) -> int:
        async def lane() -> int:
            fired = 0
            while (row := queue.take()) is not None:
                fired += await self._settle(row, now)
                queue.give_back(row)
            return fired

        if self._concurrency == 1:
            return await lane()
        async with asyncio.TaskGroup() as group:
            lanes = [group.create_task(lane()) for _ in range(self._concurrency)]
        return sum(task.result() for task in lanes)

    async def _settle(self, row: Row[Any], now: datetime) -> bool:
        fired_at = max(now, self._clock.now())
        fired = FiredTimer(
            id=row.id,
            kind=row.kind,
            subject_type=row.subject_type,
            subject_id=row.subject_id,
            incident_id=row.incident_id,
            due_at=row.due_at,
            fired_at=fired_at,
            late_by=fired_at - row.due_at,
            payload=row.payload,
        )
        try:
            async with self._database.write() as connection:
                outcome = await self._fire(connection, fired, row.generation)
        except Exception as error:
            await self._hold_back(fired, row.generation, error)
            return False
        if outcome is None:
            return False
        self._observe(fired.kind, outcome, fired.late_by)
        return outcome is TimerOutcome.FIRED

    async def _fire(
        self, connection: AsyncConnection, fired: FiredTimer, generation: int
    ) -> TimerOutcome | None:
        """The claim and the handler's effects; None when somebody else has it or it was moved."""
        # Before the handler: it may set the very same timer anew, and that must stand.
        claimed = (
            await connection.execute(
                CLAIM,
                {
                    "claimed": fired.id,
                    "listed": generation,
                    "now": fired.fired_at,
                    "fired_at": fired.fired_at,
                    "late_by_s": fired.late_by.total_seconds(),
                },
            )
        ).first()
        if claimed is None:
            return None
        handler = self._handlers.get(fired.kind)
        if handler is None:
            raise UnknownTimerKind(
                f"timer {fired.id} is of kind {fired.kind!r}; handlers exist for "
                f"{', '.join(sorted(self._handlers)) or 'none'}"
            )
        stale = await handler(
            connection, replace(fired, payload=claimed.payload, incident_id=claimed.incident_id)
        )
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
        """Remember the failure, and go on with the others."""
        try:
            async with self._database.write() as connection:
                if contended(error):
                    await give_way(connection, fired, generation)
                    return
                failures = await count_failure(connection, fired, generation, error)
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
