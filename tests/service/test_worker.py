"""The worker: jobs side by side, none of which can stop the others."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import datetime, timedelta

from prometheus_client import REGISTRY

from service.clock import SystemClock, VirtualClock
from service.worker import Worker, run_worker
from tests.support.clock import START


class Beating:
    """Due at every poll; counts its runs."""

    name = "beating"

    def __init__(self) -> None:
        self.beats = 0
        self.enough = asyncio.Event()

    async def next_at(self) -> datetime | None:
        self.beats += 1
        if self.beats >= 3:
            self.enough.set()
        return None

    async def run(self, now: datetime) -> int:
        raise AssertionError("nothing was due")


class Failing:
    """Raises at the first `times` tries, then has nothing to do."""

    def __init__(self, times: int, *, name: str = "failing", clock: VirtualClock | None = None):
        self._name = name
        self.left = times
        self.clock = clock
        self.failed = asyncio.Event()
        self.recovered = asyncio.Event()

    @property
    def name(self) -> str:
        return self._name

    async def next_at(self) -> datetime | None:
        if self.left:
            self.left -= 1
            self.failed.set()
            if self.clock is not None:
                self.clock.advance_to(self.clock.now() + timedelta(seconds=60))
            raise ConnectionError("the database is away")
        self.recovered.set()
        return None

    async def run(self, now: datetime) -> int:
        raise AssertionError("nothing was due")


def _failures(job: str) -> float:
    return (
        REGISTRY.get_sample_value("fengsui_job_runs_total", {"job": job, "outcome": "failed"})
        or 0.0
    )


async def test_a_job_that_raises_stops_no_other_and_is_counted() -> None:
    failing, beating = Failing(1, name="failing-alone"), Beating()
    before = _failures("failing-alone")
    worker = Worker([failing, beating], SystemClock(), poll=timedelta(milliseconds=1))
    task = asyncio.create_task(worker.run())
    await asyncio.wait_for(beating.enough.wait(), 5)
    assert failing.failed.is_set()
    worker.stop()
    await asyncio.wait_for(task, 5)
    assert _failures("failing-alone") == before + 1


async def test_a_job_goes_on_after_a_rest() -> None:
    failing = Failing(1)
    worker = Worker([failing], SystemClock(), poll=timedelta(milliseconds=1))
    task = asyncio.create_task(worker.run())
    await asyncio.wait_for(failing.recovered.wait(), 5)
    worker.stop()
    await asyncio.wait_for(task, 5)


async def test_a_job_that_held_out_for_long_rests_as_if_it_had_never_failed() -> None:
    clock = VirtualClock(START)
    failing = Failing(2, clock=clock)
    worker = Worker([failing], clock, poll=timedelta(milliseconds=1))
    started = SystemClock().monotonic()
    task = asyncio.create_task(worker.run())
    await asyncio.wait_for(failing.recovered.wait(), 8)
    worker.stop()
    await asyncio.wait_for(task, 5)
    # one second and one second: a growing rest would have been one and two
    assert SystemClock().monotonic() - started < 2.9


async def test_stopping_does_not_wait_for_the_rest_of_a_failed_job() -> None:
    failing = Failing(99)
    worker = Worker([failing], SystemClock())
    task = asyncio.create_task(worker.run())
    await asyncio.wait_for(failing.failed.wait(), 5)
    worker.stop()
    await asyncio.wait_for(task, 0.5)
    assert failing.left == 98


async def test_without_jobs_it_ends_at_once() -> None:
    await asyncio.wait_for(Worker([], SystemClock()).run(), 1)


async def test_a_signal_ends_it_in_good_order() -> None:
    beating = Beating()
    task = asyncio.create_task(run_worker(SystemClock(), [beating]))
    await asyncio.wait_for(beating.enough.wait(), 5)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(task, 5)
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().remove_signal_handler(name)
