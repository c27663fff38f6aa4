"""A job: recurring work that says when it is next due; and the two ways of driving jobs.

The worker sleeps until a job is due; in virtual time the clock jumps there. Both run the same jobs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from service.clock import Clock, VirtualClock

_STUCK_AFTER = 1000
"""So many rounds at one virtual instant mean that a job keeps calling for nothing."""


class Job(Protocol):
    """Recurring work. Jobs hold no timer of their own, so that any runner can drive them."""

    @property
    def name(self) -> str: ...

    async def next_at(self) -> datetime | None:
        """Earliest instant at which `run` has work, maybe in the past; None when none is known."""
        ...

    async def run(self, now: datetime) -> int:
        """Do all that is due at `now`; answer how many things were done. Safe to repeat."""
        ...


async def advance(clock: VirtualClock, jobs: Sequence[Job], until: datetime) -> int:
    """Run all that is due up to `until`, jumping over idle spans; answer the things done.

    Jobs due at one instant run in the given order, so the same input gives the same output. Raises
    RuntimeError naming the job that never comes to rest.
    """
    done = 0
    rounds = 0
    while True:
        due = [(at, job) for job in jobs if (at := await job.next_at()) is not None]
        earliest = min((at for at, _ in due), default=None)
        if earliest is None or earliest > until:
            clock.advance_to(until)
            return done
        rounds = rounds + 1 if earliest <= clock.now() else 0
        clock.advance_to(earliest)
        now = clock.now()
        ready = [job for at, job in due if at <= now]
        if rounds > _STUCK_AFTER:
            names = ", ".join(job.name for job in ready)
            raise RuntimeError(f"no end of work at {now.isoformat()} for: {names}")
        for job in ready:
            done += await job.run(now)


async def drive(job: Job, clock: Clock, stop: asyncio.Event, *, poll: timedelta) -> None:
    """Run one job in real time until `stop` is set; look again at least every `poll`."""
    while not stop.is_set():
        at = await job.next_at()
        # Read afterwards: a job whose answer is "now" would else be due a moment later for ever.
        now = clock.now()
        if at is not None and at <= now:
            await job.run(now)
            await asyncio.sleep(0)
            continue
        wait = poll if at is None else min(poll, at - now)
        try:
            async with asyncio.timeout(wait.total_seconds()):
                await stop.wait()
        except TimeoutError:
            continue
