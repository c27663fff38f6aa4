"""What is kept of a firing that failed, outside of the transaction that was undone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.storable import storable
from service.db.tables import timer
from service.timers.model import FiredTimer, TimerState

BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 80, 320, 1280))
"""Waits after each failure of a handler; one failure more and the timer is failed."""
GIVE_WAY = timedelta(milliseconds=200)
"""Wait of a timer whose incident somebody else is at: no failure, and not counted as one."""
_ERROR_LIMIT = 500


async def count_failure(
    connection: AsyncConnection, fired: FiredTimer, generation: int, error: Exception
) -> int | None:
    """Hold the timer back, or give it up; its failures so far, None when it was moved meanwhile."""
    mine = _still(fired, generation)
    before = await connection.scalar(select(timer.c.failures).where(mine).with_for_update())
    if before is None:
        return None
    failures: int = before + 1
    said = storable(f"{type(error).__name__}: {error}"[:_ERROR_LIMIT])
    values = {"failures": failures, "error": said}
    if failures > len(BACKOFF):
        values |= {"state": TimerState.FAILED.value, "retry_at": None}
    else:
        values |= {"retry_at": fired.fired_at + BACKOFF[failures - 1]}
    await connection.execute(update(timer).where(mine).values(**values))
    return failures


async def give_way(connection: AsyncConnection, fired: FiredTimer, generation: int) -> None:
    """Try again in a moment."""
    await connection.execute(
        update(timer).where(_still(fired, generation)).values(retry_at=fired.fired_at + GIVE_WAY)
    )


def _still(fired: FiredTimer, generation: int) -> ColumnElement[bool]:
    return and_(
        timer.c.id == fired.id,
        timer.c.generation == generation,
        timer.c.state == TimerState.PENDING,
    )
