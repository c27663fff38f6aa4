"""The job that carries out back-tests, one at a time, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from service.backtest.asking import Ask
from service.backtest.model import Candidate, Rehearse, Reread, Scene
from service.backtest.office import BacktestOffice, BacktestRun
from service.backtest.run import run_backtest
from service.backtest.scene import Installation, read_scene
from service.backtest.view import answer_of
from service.clock import Clock
from service.errors import ServiceError

BEAT = timedelta(seconds=1)
"""So often the progress is written, and whether it is still wanted is read."""

log = structlog.get_logger(__name__)


class Stopped(Exception):
    """The back-test is not wanted any more."""


@dataclass(slots=True)
class _Play:
    """What the thread tells, and what it is told."""

    run_id: str
    stage: str = "reading"
    done: int = 0
    of: int = 0
    result: Mapping[str, Any] | None = None
    reason: str | None = None
    unwanted: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def tell(self, stage: str, done: int, of: int) -> None:
        self.stage, self.done, self.of = stage, done, of
        if self.unwanted.is_set():
            raise Stopped


class BacktestJob:
    """Playing takes all of a core: on the event loop it would stop the response clock.

    The thread dies with the process; another one then says that the back-test has failed.
    """

    name = "backtest"

    def __init__(
        self,
        *,
        office: BacktestOffice,
        place: Installation,
        clock: Clock,
        worker: str,
        rehearse: Rehearse,
        reread: Reread,
    ) -> None:
        self._office = office
        self._place = place
        self._clock = clock
        self._worker = worker
        self._rehearse = rehearse
        self._reread = reread
        self._playing: _Play | None = None
        self._looked_at: datetime | None = None
        self._beaten_at: datetime | None = None

    async def next_at(self) -> datetime | None:
        now = self._clock.now()
        if self._playing is not None:
            return now if self._beaten_at is None else self._beaten_at + BEAT
        if self._looked_at is not None and now - self._looked_at < BEAT:
            return self._looked_at + BEAT
        self._looked_at = now
        return now if await self._office.waits() else now + BEAT

    async def run(self, now: datetime) -> int:
        """Begin one, or look after the one that plays; answers 1 when one has ended."""
        if self._playing is None:
            taken = await self._office.take(self._worker)
            if taken is not None:
                await self._begin(taken)
            return 0
        self._beaten_at = now
        return int(await self._look_after(self._playing))

    async def _begin(self, run: BacktestRun) -> None:
        play = _Play(run.id)
        try:
            ask = Ask.of_json(run.asked)
            scene = await self._read(play, ask)
            candidate = await asyncio.to_thread(ask.candidate, scene.rules)
        except Stopped:
            return
        except Exception as error:
            await self._office.fail(run.id, _reason(error, run_id=run.id))
            return
        thread = threading.Thread(
            target=self._play, args=(play, scene, candidate), name="backtest", daemon=True
        )
        self._playing, self._beaten_at = play, None
        thread.start()

    async def _read(self, play: _Play, ask: Ask) -> Scene:
        """The stored posts, with signs of life. Raises Stopped when nobody wants them any more."""
        work = asyncio.create_task(
            read_scene(
                self._place,
                since=ask.since,
                until=ask.until,
                monitor=ask.monitor,
                watch=ask.watch,
                tell=lambda done, of: play.tell("reading", done, of),
            )
        )
        try:
            while not (await asyncio.wait({work}, timeout=BEAT.total_seconds()))[0]:
                await self._beat(play)
        finally:
            work.cancel()
        return work.result()

    def _play(self, play: _Play, scene: Scene, candidate: Candidate) -> None:
        try:
            outcome = asyncio.run(
                run_backtest(
                    scene,
                    candidate,
                    rehearse=self._rehearse,
                    reread=self._reread,
                    tell=play.tell,
                )
            )
            play.result = answer_of(outcome)
        except Stopped:
            pass
        except Exception as error:
            play.reason = _reason(error, run_id=play.run_id)
        finally:
            play.ended.set()

    async def _look_after(self, play: _Play) -> bool:
        if not play.ended.is_set():
            await self._beat(play)
            return False
        if play.result is not None:
            await self._office.finish(play.run_id, play.result)
        elif play.reason is not None:
            await self._office.fail(play.run_id, play.reason)
        self._playing = None
        return True

    async def _beat(self, play: _Play) -> None:
        """Tell how far it is, and hear whether it is still wanted."""
        if not await self._office.beat(play.run_id, stage=play.stage, done=play.done, of=play.of):
            play.unwanted.set()


def _reason(error: Exception, *, run_id: str) -> str:
    """Why it failed, as people are told; what is nobody's mistake is logged."""
    if isinstance(error, ServiceError):
        return error.detail
    # Not `exception`: a log that shows local values would walk through every post.
    traced = "".join(traceback.format_exception(error))
    log.error("backtest.failed", run=run_id, traceback=traced)
    return f"it broke down: {type(error).__name__}; the log has more"
