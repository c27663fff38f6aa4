"""The worker: every job in a task of its own, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from datetime import timedelta

import structlog

from service.clock import Clock
from service.jobs import Job, drive
from service.metrics import job_runs

POLL = timedelta(milliseconds=500)
"""How soon a job notices work that another process has made."""
_PAUSE_S = 1.0
_PAUSE_MOST_S = 30.0

log = structlog.get_logger(__name__)


class Worker:
    """Runs jobs side by side. A job that raises is logged, rests a little, and goes on: a broken
    source or a database that is away for a minute must not stop the response clock."""

    def __init__(self, jobs: Sequence[Job], clock: Clock, *, poll: timedelta = POLL) -> None:
        self._jobs = tuple(jobs)
        self._clock = clock
        self._poll = poll
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Let each job finish what it is doing, then end."""
        self._stop.set()

    async def run(self) -> None:
        """Run until `stop`; returns when every job has come to rest."""
        log.info("worker.started", jobs=[job.name for job in self._jobs])
        async with asyncio.TaskGroup() as group:
            for job in self._jobs:
                group.create_task(self._keep_going(job), name=job.name)
        log.info("worker.stopped")

    async def _keep_going(self, job: Job) -> None:
        pause = _PAUSE_S
        while not self._stop.is_set():
            started = self._clock.monotonic()
            try:
                await drive(job, self._clock, self._stop, poll=self._poll)
            except Exception:
                job_runs.labels(job=job.name, outcome="failed").inc()
                log.exception("job.failed", job=job.name, again_in_s=pause)
                if self._clock.monotonic() - started > _PAUSE_MOST_S:
                    pause = _PAUSE_S
                await self._rest(pause)
                pause = min(_PAUSE_MOST_S, pause * 2)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return


async def run_worker(clock: Clock, jobs: Sequence[Job]) -> None:
    """Run jobs without HTTP until SIGINT or SIGTERM."""
    worker = Worker(jobs, clock)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, worker.stop)
    await worker.run()
