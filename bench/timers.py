"""How late deadlines fire while many wait, and what it takes to fire many at once.

    python -m bench.timers [--postgres URL] [--pending 100000] [--due 1000] [--rounds 3]

Each deadline is a step's warning in the run of an incident over the shipped playbooks: run,
timeline, audit and outbox are written in the transaction that fires it. SQLite is a file with
every commit synced, PostgreSQL the server of `--postgres` or FENGSUI_TEST_POSTGRES_URL as it is set
up. Late is from the due time to the end of the commit; the worker drives the engine as
`fengsui work` does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.timing import Latency
from playbooks import DeadlineKind, Library, load_library
from service.clock import SystemClock
from service.db import Database
from service.db.tables import timer
from service.incidents import Incidents, Kind, Opening
from service.response import Effects, Responses, timer_kind
from service.timers import (
    LANES,
    FiredTimer,
    Stale,
    TimerEngine,
    TimerOutcome,
    Timers,
    TimerState,
)
from service.worker import Worker
from tests.support.database import (
    POSTGRES_VARIABLE,
    create_tables,
    drop_spare,
    postgres_database,
    postgres_url,
)

SCENARIO, TIER = "product_quality", "orange"
WARNED_AFTER = timedelta(minutes=12)
"""From the opening of such an incident to the warnings of its first two steps."""
WARNINGS = 2
SPREAD = timedelta(seconds=20)
RATE = 25
"""Deadlines a second that fall due one by one: 100,000 are all due within about an hour."""
WAITING = "bench.waiting"
_DUE_AT: ContextVar[datetime] = ContextVar("due_at")
"""Of the deadline that a lane of the engine is at."""
_BATCH = 5_000
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`late` of deadlines one by one; seconds for all at once, `cpu_s` those of this process."""

    late: Latency
    at_once_s: float
    cpu_s: float


class Office:
    """Incidents with their deadlines on one database, and the engine that fires these."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._clock = SystemClock()
        self._tier_rank = list(library.tiers.ids).index(TIER) + 1
        url = "http://127.0.0.1:8600"
        self._responses = Responses(
            library=library, effects=Effects(timers=Timers(), public_url=url)
        )
        self._incidents = Incidents(reactions=self._responses, public_url=url)
        self._opened = 0
        self._late_s: list[float] = []
        self._engine = TimerEngine(
            database,
            clock=self._clock,
            owner="bench",
            handlers={timer_kind(kind): self._passed for kind in DeadlineKind},
            observe=self._fired,
            concurrency=1 if database.is_sqlite else LANES,
            recheck=timedelta(seconds=1),
        )

    async def wait(self, count: int, *, chance: random.Random) -> None:
        """Let `count` timers be pending that fall due in the hours to come, after every round."""
        now = self._clock.now()
        rows = [
            {
                "id": f"tim_waiting_{number}",
                "kind": WAITING,
                "subject_type": "step",
                "subject_id": f"run_{number // 51}:step_{number % 51}",
                "incident_id": f"inc_{number // 51}",
                "due_at": now + timedelta(hours=chance.uniform(2, 48)),
                "state": TimerState.PENDING.value,
                "payload": {"step": "acknowledge", "deadline": "warn"},
                "generation": 1,
                "failures": 0,
                "created_at": now,
            }
            for number in range(count)
        ]
        for first in range(0, count, _BATCH):
            async with self._database.write() as connection:
                await connection.execute(insert(timer), rows[first : first + _BATCH])

    async def at_once(self, count: int) -> tuple[float, float, float]:
        """Fire `count` deadlines of one instant: wall and CPU seconds, and those of preparing."""
        now = self._clock.now()
        begun = time.perf_counter()
        await self._open([now - WARNED_AFTER] * (count // WARNINGS))
        prepared = time.perf_counter() - begun
        begun, worked = time.perf_counter(), time.process_time()
        fired = await self._engine.run(self._clock.now())
        if fired != count:
            raise RuntimeError(f"{fired} deadlines fired instead of {count}")
        return time.perf_counter() - begun, time.process_time() - worked, prepared

    async def one_by_one(self, *, chance: random.Random, lead_s: float) -> Latency:
        """Fire deadlines at chance instants from `lead_s` on, under the worker; how late."""
        count = int(RATE * SPREAD.total_seconds())
        start = self._clock.now() + timedelta(seconds=lead_s)
        instants = [start + chance.random() * SPREAD for _ in range(count // WARNINGS)]
        await self._open([instant - WARNED_AFTER for instant in instants])
        if self._clock.now() > start:
            raise RuntimeError("deadlines fell due before all were set: nothing of this counts")
        self._late_s.clear()
        worker = Worker([self._engine], self._clock)
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(lead_s + SPREAD.total_seconds() + _PATIENCE_S):
            while len(self._late_s) < count:  # noqa: ASYNC110 - the worker is the one at work
                await asyncio.sleep(0.5)
        worker.stop()
        await running
        return Latency.of(self._late_s)

    async def clear(self) -> None:
        """Cancel what the incidents of a round have left."""
        async with self._database.write() as connection:
            await connection.execute(
                update(timer)
                .where(timer.c.state == TimerState.PENDING, timer.c.kind != WAITING)
                .values(state=TimerState.CANCELLED.value)
            )

    async def _open(self, instants: Sequence[datetime]) -> None:
        async with self._database.write() as connection:
            for opened in instants:
                self._opened += 1
                opening = Opening(
                    kind=Kind.CRISIS,
                    monitor_id=f"brand-{self._opened}",
                    scenario=SCENARIO,
                    title="青柚",
                    tier=TIER,
                    tier_rank=self._tier_rank,
                    reasons=(),
                    posts=1,
                    first_post_id=None,
                    first_post_at=opened,
                    last_post_at=opened,
                )
                await self._incidents.open(connection, opening, now=opened)

    async def _passed(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        _DUE_AT.set(fired.due_at)
        return await self._responses.deadline_passed(connection, fired)

    def _fired(self, kind: str, outcome: TimerOutcome, _: timedelta) -> None:
        if outcome is not TimerOutcome.FIRED:
            raise RuntimeError(f"{kind} ended as {outcome}: nothing of this counts")
        self._late_s.append((self._clock.now() - _DUE_AT.get()).total_seconds())


async def measure(name: str, database: Database, *, pending: int, due: int, rounds: int) -> None:
    """Print the row of one database."""
    chance = random.Random(3)
    office = Office(database, load_library())
    await office.wait(pending, chance=chance)
    done = []
    for _ in range(rounds):
        wall, cpu, prepared = await office.at_once(due)
        late = await office.one_by_one(chance=chance, lead_s=2 * prepared + 3)
        await office.clear()
        done.append(Round(late=late, at_once_s=wall, cpu_s=cpu))
    late = Latency.median([one.late for one in done])
    wall = statistics.median(one.at_once_s for one in done)
    cpu = statistics.median(one.cpu_s for one in done)
    print(f"{name:<11} late p50/p95/p99 {late} ms; {due} at once {wall:.2f} s (CPU {cpu:.2f} s)")


@asynccontextmanager
async def _file(folder: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{folder / 'state.db'}")
    try:
        await create_tables(database)
        yield database
    finally:
        await database.close()


async def _measure_all(folder: Path, *, pending: int, due: int, rounds: int) -> None:
    async with _file(folder) as database:
        await measure("SQLite", database, pending=pending, due=due, rounds=rounds)
    url = postgres_url()
    if url is None:
        print(f"PostgreSQL: neither --postgres nor {POSTGRES_VARIABLE}")
        return
    async with postgres_database(url) as database:
        await measure("PostgreSQL", database, pending=pending, due=due, rounds=rounds)
    await drop_spare()


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", metavar="URL")
    parser.add_argument("--pending", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if given.postgres:
        os.environ[POSTGRES_VARIABLE] = given.postgres
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(
            _measure_all(Path(folder), pending=given.pending, due=given.due, rounds=given.rounds)
        )


if __name__ == "__main__":
    main()
