"""Back-tests that people ask for by API: kept, told, called off. A job carries them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import record
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.page import Page, cut, newest_first
from service.db.storable import storable
from service.db.tables import backtest
from service.errors import Conflict, NotFound
from service.ids import stable_id

MOST_WAITING = 5
FORGOTTEN_AFTER = timedelta(days=90)
LOST_AFTER = timedelta(minutes=10)
"""Without a sign of life for so long, the process that ran it is gone."""


class BacktestState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


WAITING = (BacktestState.QUEUED, BacktestState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRun:
    """One back-test. `asked` is as it was asked; `done` of `of` is how far its stage is."""

    id: str
    state: BacktestState
    asked: Mapping[str, Any]
    stage: str
    done: int
    of: int
    result: Mapping[str, Any] | None
    reason: str | None
    created_by: str
    created_at: datetime
    finished_at: datetime | None


class BacktestOffice:
    """Takes what is asked, and keeps what came of it for ninety days."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, actor: Principal, asked: Mapping[str, Any]) -> BacktestRun:
        """Leave one to the job. Raises Forbidden, and Conflict while many wait."""
        actor.require(Action.RUN, Resource.RULE)
        now = self._clock.now()
        async with self._database.write() as connection:
            await connection.execute(
                delete(backtest).where(backtest.c.created_at < now - FORGOTTEN_AFTER)
            )
            waiting = await connection.scalar(
                select(func.count()).select_from(backtest).where(backtest.c.state.in_(WAITING))
            )
            if (waiting or 0) >= MOST_WAITING:
                raise Conflict(f"{waiting} back-tests wait already; cancel one, or come back later")
            made = await connection.scalar(select(func.count()).select_from(backtest))
            run_id = stable_id("btt", actor.id, now, made or 0)
            await connection.execute(
                backtest.insert().values(
                    id=run_id,
                    state=BacktestState.QUEUED.value,
                    asked=storable(asked),
                    stage="queued",
                    done=0,
                    of=0,
                    created_by=actor.id,
                    created_at=now,
                )
            )
            await self._tell(connection, actor, run_id, "asked")
            return await self._find(connection, run_id)

    async def cancel(self, actor: Principal, run_id: str) -> BacktestRun:
        """Call one off; one that has ended stays as it is. Raises Forbidden, NotFound."""
        actor.require(Action.RUN, Resource.RULE)
        async with self._database.write() as connection:
            before = await self._find(connection, run_id)
            if before.state not in WAITING:
                return before
            await connection.execute(
                update(backtest)
                .where(backtest.c.id == run_id, backtest.c.state.in_(WAITING))
                .values(state=BacktestState.CANCELLED.value, finished_at=self._clock.now())
            )
            await self._tell(connection, actor, run_id, "cancelled")
            return await self._find(connection, run_id)

    async def get(self, run_id: str) -> BacktestRun:
        """Raises NotFound."""
        async with self._database.read() as connection:
            return await self._find(connection, run_id)

    async def page(self, *, after: tuple[datetime, str] | None, limit: int) -> Page[BacktestRun]:
        """The newest first."""
        query = newest_first(select(backtest), backtest, after=after, limit=limit)
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return cut([_run(row) for row in rows], limit=limit, key=lambda item: item.id)

    async def waits(self) -> bool:
        """Whether one waits to be taken up, or was left behind."""
        async with self._database.read() as connection:
            found = await connection.scalar(
                select(func.count()).select_from(backtest).where(self._takeable())
            )
        return bool(found)

    async def take(self, worker: str) -> BacktestRun | None:
        """Take the oldest one that waits; what a process left behind is said to have failed."""
        now = self._clock.now()
        async with self._database.write() as connection:
            await connection.execute(
                update(backtest)
                .where(self._left_behind())
                .values(
                    state=BacktestState.FAILED.value,
                    reason="the process that ran it has ended; ask again",
                    finished_at=now,
                )
            )
            oldest = await connection.scalar(
                select(backtest.c.id)
                .where(backtest.c.state == BacktestState.QUEUED.value)
                .order_by(backtest.c.created_at, backtest.c.id)
                .limit(1)
            )
            if oldest is None:
                return None
            done = await connection.execute(
                update(backtest)
                .where(backtest.c.id == oldest, backtest.c.state == BacktestState.QUEUED.value)
                .values(state=BacktestState.RUNNING.value, worker=worker, beat_at=now)
            )
            return await self._find(connection, oldest) if done.rowcount else None

    async def beat(self, run_id: str, *, stage: str, done: int, of: int) -> bool:
        """Tell how far it is; answers whether it is still wanted."""
        return await self._while_running(
            run_id, stage=stage, done=done, of=of, beat_at=self._clock.now()
        )

    async def finish(self, run_id: str, result: Mapping[str, Any]) -> bool:
        """Keep the result, unless it was called off meanwhile."""
        return await self._while_running(
            run_id,
            state=BacktestState.DONE.value,
            stage="done",
            result=dict(result),
            finished_at=self._clock.now(),
        )

    async def fail(self, run_id: str, reason: str) -> bool:
        """Keep why it failed."""
        return await self._while_running(
            run_id,
            state=BacktestState.FAILED.value,
            reason=storable(reason),
            finished_at=self._clock.now(),
        )

    async def _while_running(self, run_id: str, **values: Any) -> bool:
        async with self._database.write() as connection:
            done = await connection.execute(
                update(backtest)
                .where(backtest.c.id == run_id, backtest.c.state == BacktestState.RUNNING.value)
                .values(values)
            )
        return bool(done.rowcount)

    def _left_behind(self) -> Any:
        lost = backtest.c.beat_at < self._clock.now() - LOST_AFTER
        return and_(backtest.c.state == BacktestState.RUNNING.value, lost)

    def _takeable(self) -> Any:
        return or_(backtest.c.state == BacktestState.QUEUED.value, self._left_behind())

    async def _find(self, connection: AsyncConnection, run_id: str) -> BacktestRun:
        row = (await connection.execute(select(backtest).where(backtest.c.id == run_id))).first()
        if row is None:
            raise NotFound(f"no back-test {run_id}")
        return _run(row)

    async def _tell(
        self, connection: AsyncConnection, actor: Principal, run_id: str, what: str
    ) -> None:
        await record(
            connection,
            at=self._clock.now(),
            actor=actor.id,
            action=f"backtest.{what}",
            subject_type="backtest",
            subject_id=run_id,
            data={},
        )


def _run(row: Row[Any]) -> BacktestRun:
    return BacktestRun(
        id=row.id,
        state=BacktestState(row.state),
        asked=row.asked,
        stage=row.stage,
        done=row.done,
        of=row.of,
        result=row.result,
        reason=row.reason,
        created_by=row.created_by,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
