"""The job that makes the tape of a drill, in a thread: playing a stream takes all of a core."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, or_, select, update

from service.clock import Clock
from service.db import Database
from service.db.tables import drill
from service.drill.model import DrillState, Tape
from service.drill.office import DrillOffice
from service.errors import ServiceError

BEAT = timedelta(seconds=1)
LOST_AFTER = timedelta(minutes=10)
"""Without a sign of life for so long, the process that prepared it is gone."""

Prepare = Callable[[Mapping[str, Any]], Awaitable[Callable[[], Tape]]]
"""Reads the posts that are asked for; answers what makes the tape of them, in any thread."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Making:
    """A tape that is being made."""

    drill_id: str
    tape: Tape | None = None
    reason: str | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class DrillPreparation:
    """Takes up one drill at a time; what another process left behind is said to have failed."""

    name = "drill-preparation"

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        office: DrillOffice,
        worker: str,
        prepare: Prepare,
    ) -> None:
        self._database = database
        self._clock = clock
        self._office = office
        self._worker = worker
        self.prepare = prepare
        self._making: _Making | None = None
        self._looked_at: datetime | None = None

    async def next_at(self) -> datetime | None:
        now = self._clock.now()
        return now if self._looked_at is None else max(now, self._looked_at + BEAT)

    async def run(self, now: datetime) -> int:
        """Begin one, or look after the one that is being made; answers 1 when one is ready."""
        self._looked_at = now
        if self._making is None:
            await self._begin(now)
            return 0
        making = self._making
        if not making.ended.is_set():
            await self._beat(making.drill_id, now)
            return 0
        self._making = None
        if making.tape is None:
            await self._office.fail(making.drill_id, making.reason or "no tape was made")
            return 0
        return int(await self._office.load(making.drill_id, making.tape))

    async def _begin(self, now: datetime) -> None:
        taken = await self._take(now)
        if taken is None:
            return
        drill_id, asked, lost = taken
        if lost:
            await self._office.fail(drill_id, "the process that prepared it has ended; begin again")
            return
        making = _Making(drill_id)
        try:
            make = await self.prepare(asked)
        except Exception as error:
            await self._office.fail(drill_id, _reason(error, drill_id=drill_id))
            return
        self._making = making
        threading.Thread(target=_make, args=(making, make), name="drill", daemon=True).start()

    async def _take(self, now: datetime) -> tuple[str, Mapping[str, Any], bool] | None:
        """The drill to prepare, what it asks for, and whether another process left it behind."""
        preparing = drill.c.state == DrillState.PREPARING.value
        left = and_(drill.c.worker.is_not(None), drill.c.beat_at < now - LOST_AFTER)
        wanted = (preparing, or_(drill.c.worker.is_(None), left))
        query = select(drill.c.id, drill.c.asked, drill.c.worker).where(*wanted)
        async with self._database.read() as connection:
            if (await connection.execute(query)).first() is None:
                return None
        async with self._database.write() as connection:
            row = (await connection.execute(query.with_for_update(skip_locked=True))).first()
            if row is None:
                return None
            await connection.execute(
                update(drill).where(drill.c.id == row.id).values(worker=self._worker, beat_at=now)
            )
            return row.id, row.asked, row.worker is not None

    async def _beat(self, drill_id: str, now: datetime) -> None:
        async with self._database.write(quiet=True) as connection:
            await connection.execute(
                update(drill)
                .where(drill.c.id == drill_id, drill.c.worker == self._worker)
                .values(beat_at=now)
            )


def _make(making: _Making, make: Callable[[], Tape]) -> None:
    try:
        making.tape = make()
    except Exception as error:
        making.reason = _reason(error, drill_id=making.drill_id)
    finally:
        making.ended.set()


def _reason(error: Exception, *, drill_id: str) -> str:
    """Why there is no tape, as people are told; what is nobody's mistake is logged."""
    if isinstance(error, ServiceError):
        return error.detail
    # Not `exception`: a log that shows local values would walk through every post.
    traced = "".join(traceback.format_exception(error))
    log.error("drill.not_prepared", drill=drill_id, traceback=traced)
    return f"it broke down: {type(error).__name__}; the log has more"
