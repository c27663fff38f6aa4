"""Firing: once, in order, all or nothing, and never held up by one that fails."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from service.db import Database
from service.db.tables import runtime_setting, timer
from service.timers import FiredTimer, Stale, TimerEngine, TimerOutcome, Timers, TimerSpec
from service.timers.setback import BACKOFF, GIVE_WAY
from tests.support.clock import START, SteppingClock
from tests.support.database import open_database

MINUTE = timedelta(minutes=1)


def spec(subject: str = "s", *, due_at: datetime = START, kind: str = "due") -> TimerSpec:
    return TimerSpec(kind=kind, subject_type="step", subject_id=subject, due_at=due_at)


class Handler:
    """Remembers what it was given; writes a row, so that a rollback can be seen."""

    def __init__(self) -> None:
        self.fired: list[FiredTimer] = []
        self.broken: set[str] = set()
        self.answer: Stale | None = None
        self._numbers = itertools.count()

    async def __call__(self, connection, fired: FiredTimer) -> Stale | None:
        await connection.execute(
            runtime_setting.insert().values(name=f"effect-{next(self._numbers)}", value=fired.id)
        )
        if fired.subject_id in self.broken:
            raise RuntimeError(f"cannot do {fired.subject_id}")
        self.fired.append(fired)
        return self.answer

    @property
    def subjects(self) -> list[str]:
        return [fired.subject_id for fired in self.fired]


class Bench:
    """An engine on a database with one handler and what it observed."""

    def __init__(self, database: Database, clock: SteppingClock) -> None:
        self.database = database
        self.clock = clock
        self.handler = Handler()
        self.observed: list[tuple[str, TimerOutcome, timedelta]] = []
        self.engine = self.another()

    def another(self, *, concurrency: int = 1, **handlers) -> TimerEngine:
        return TimerEngine(
            self.database,
            clock=self.clock,
            owner="worker-1",
            handlers=handlers or {"due": self.handler},
            observe=lambda *seen: self.observed.append(seen),
            concurrency=concurrency,
        )

    async def put(self, *specs: TimerSpec) -> list[str]:
        async with self.database.write() as connection:
            return [await Timers().set(connection, each, now=self.clock.now()) for each in specs]

    async def run(self) -> int:
        return await self.engine.run(self.clock.now())

    async def row(self, timer_id: str):
        async with self.database.read() as connection:
            return (await connection.execute(select(timer).where(timer.c.id == timer_id))).one()

    async def effects(self) -> list[str]:
        async with self.database.read() as connection:
            return list(await connection.scalars(select(runtime_setting.c.value)))


@pytest.fixture
def bench(database: Database, clock: SteppingClock) -> Bench:
    return Bench(database, clock)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock) -> Bench:
    return Bench(sqlite_database, clock)


async def test_a_due_timer_fires_once(bench: Bench) -> None:
    (made,) = await bench.put(spec())
    assert [await bench.run(), await bench.run()] == [1, 0]
    assert bench.handler.subjects == ["s"]
    assert await bench.effects() == [made]
    assert (await bench.row(made)).state == "fired"


async def test_nothing_fires_before_its_time(local: Bench) -> None:
    await local.put(spec(due_at=START + MINUTE))
    assert await local.run() == 0
    local.clock.step(minutes=1)
    assert await local.run() == 1


async def test_an_overdue_timer_fires_once_and_says_how_late_it_is(bench: Bench) -> None:
    (made,) = await bench.put(spec())
    bench.clock.step(hours=3)
    restarted = bench.another()
    assert await restarted.run(bench.clock.now()) == 1
    assert bench.handler.fired[0].late_by == timedelta(hours=3)
    row = await bench.row(made)
    assert (row.late_by_s, row.fired_at) == (3 * 3600, START + timedelta(hours=3))


async def test_timers_fire_in_due_order_across_batches(
    local: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.timers.engine.BATCH", 3)
    await local.put(*(spec(f"s{n}", due_at=START + (10 - n) * MINUTE) for n in range(10)))
    local.clock.step(hours=1)
    assert await local.run() == 10
    assert local.handler.subjects == [f"s{n}" for n in reversed(range(10))]


async def test_a_failing_handler_leaves_nothing_and_blocks_nobody(bench: Bench) -> None:
    bench.handler.broken = {"bad"}
    bad, good = await bench.put(spec("bad"), spec("good", due_at=START + MINUTE))
    bench.clock.step(minutes=1)
    assert await bench.run() == 1
    assert bench.handler.subjects == ["good"]
    assert await bench.effects() == [good]
    row = await bench.row(bad)
    assert (row.state, row.failures, row.error) == ("pending", 1, "RuntimeError: cannot do bad")
    assert row.retry_at == bench.clock.now() + BACKOFF[0]


async def test_a_handler_that_recovers_fires_at_the_retry(local: Bench) -> None:
    local.handler.broken = {"s"}
    await local.put(spec())
    await local.run()
    assert await local.engine.next_at() == START + BACKOFF[0]
    assert await local.run() == 0
    local.handler.broken = set()
    local.clock.step(seconds=5)
    assert await local.run() == 1
    assert local.handler.fired[0].late_by == BACKOFF[0]


async def test_after_the_last_retry_the_timer_has_failed_loudly(local: Bench) -> None:
    local.handler.broken = {"s"}
    (made,) = await local.put(spec())
    for wait in (timedelta(0), *BACKOFF):
        local.clock.step(seconds=wait.total_seconds())
        await local.run()
    assert (await local.row(made)).state == "failed"
    assert [outcome for _, outcome, _ in local.observed] == [TimerOutcome.RETRY] * 5 + [
        TimerOutcome.FAILED
    ]
    assert await local.engine.next_at() is None


async def test_a_kind_without_a_handler_is_a_failure_with_its_name(local: Bench) -> None:
    (made,) = await local.put(spec(kind="unheard_of"))
    assert await local.run() == 0
    assert "unheard_of" in (await local.row(made)).error


async def test_a_stale_timer_counts_as_cancelled(bench: Bench) -> None:
    bench.handler.answer = Stale.SUBJECT_GONE
    (made,) = await bench.put(spec())
    assert await bench.run() == 0
    row = await bench.row(made)
    assert (row.state, row.error, row.fired_at) == ("cancelled", "subject_gone", None)
    assert [outcome for _, outcome, _ in bench.observed] == [TimerOutcome.STALE]


async def test_a_handler_may_set_its_own_timer_anew(bench: Bench) -> None:
    async def repeat(connection, fired: FiredTimer) -> None:
        again = spec(due_at=fired.due_at + MINUTE)
        await Timers().set(connection, again, now=fired.fired_at)

    engine = bench.another(due=repeat)
    (made,) = await bench.put(spec())
    assert await engine.run(START) == 1
    row = await bench.row(made)
    assert (row.state, row.due_at, row.generation) == ("pending", START + MINUTE, 2)


async def test_a_deadline_told_of_is_not_told_of_again_when_it_is_set_again(bench: Bench) -> None:
    (made,) = await bench.put(spec())
    assert await bench.run() == 1
    await bench.put(spec(), replace(spec(), payload={"step": "another"}))
    assert await bench.engine.next_at() is None
    assert await bench.run() == 0
    assert await bench.effects() == [made]
    assert (await bench.row(made)).generation == 1


async def test_a_handler_that_sets_its_own_deadline_again_fires_once(bench: Bench) -> None:
    fired: list[datetime] = []

    async def insist(connection, due: FiredTimer) -> None:
        fired.append(due.due_at)
        await Timers().set(connection, spec(due_at=due.due_at), now=due.fired_at)

    engine = bench.another(due=insist)
    await bench.put(spec())
    for _ in range(3):
        await engine.run(START)
    assert fired == [START]


async def test_a_timer_set_by_a_handler_is_due_in_the_next_run(local: Bench) -> None:
    async def chain(connection, fired: FiredTimer) -> None:
        if fired.subject_id == "first":
            await Timers().set(connection, spec("second"), now=fired.fired_at)

    engine = local.another(due=chain)
    await local.put(spec("first"))
    while (due := await engine.next_at()) is not None and due <= START:
        await engine.run(START)
    assert [kind for kind, _, _ in local.observed] == ["due", "due"]


async def test_a_timer_moved_after_it_was_listed_does_not_fire(local: Bench) -> None:
    async def postpone(connection, fired: FiredTimer) -> None:
        await Timers().set(connection, spec("b", due_at=START + 5 * MINUTE), now=START)

    engine = local.another(due=postpone)
    _, moved = await local.put(spec("a", due_at=START - MINUTE), spec("b"))
    assert await engine.run(START) == 1
    assert (await local.row(moved)).state == "pending"


async def test_two_engines_fire_each_timer_once(bench: Bench) -> None:
    await bench.put(*(spec(f"s{n}") for n in range(20)))
    engines = [bench.another(), bench.another()]
    counts = await asyncio.gather(*(engine.run(START) for engine in engines))
    assert sum(counts) == 20
    assert sorted(bench.handler.subjects) == sorted(f"s{n}" for n in range(20))


async def test_next_at_sees_writes_of_this_process_at_once(local: Bench) -> None:
    assert await local.engine.next_at() is None
    await local.put(spec(due_at=START + MINUTE))
    assert await local.engine.next_at() == START + MINUTE


class Troubled:
    """A database on which something happens just before the nth write."""

    def __init__(self, database: Database, *, at: int, trouble) -> None:
        self._database = database
        self._at = at
        self._trouble = trouble
        self._writes = 0

    @property
    def generation(self) -> int:
        return self._database.generation

    def read(self):
        return self._database.read()

    @asynccontextmanager
    async def write(self):
        self._writes += 1
        if self._writes == self._at:
            await self._trouble(self._database)
        async with self._database.write() as connection:
            yield connection


async def test_a_failure_that_cannot_be_recorded_leaves_the_timer_as_it_is(local: Bench) -> None:
    async def go_away(database: Database) -> None:
        raise OSError("no database")

    (made,) = await local.put(spec())
    local.handler.broken = {"s"}
    local.database = Troubled(local.database, at=2, trouble=go_away)
    assert await local.another().run(START) == 0
    row = await local.row(made)
    assert (row.state, row.failures) == ("pending", 0)


async def test_a_timer_cancelled_while_its_handler_failed_stays_cancelled(local: Bench) -> None:
    async def cancel(database: Database) -> None:
        async with database.write() as connection:
            await Timers().cancel(connection, subject=("step", "s"))

    (made,) = await local.put(spec())
    local.handler.broken = {"s"}
    local.database = Troubled(local.database, at=2, trouble=cancel)
    assert await local.another().run(START) == 0
    assert (await local.row(made)).state == "cancelled"
    assert local.observed == []


async def test_lanes_fire_everything_once_and_one_incident_at_a_time(bench: Bench) -> None:
    at_work: Counter[str | None] = Counter()
    most: Counter[str | None] = Counter()
    fired: list[str] = []

    async def watched(connection, due: FiredTimer) -> None:
        at_work[due.incident_id] += 1
        most[due.incident_id] = max(most[due.incident_id], at_work[due.incident_id])
        await asyncio.sleep(0.001)
        at_work[due.incident_id] -= 1
        fired.append(due.subject_id)

    wanted = [replace(spec(f"s{n:02}"), incident_id=f"inc_{n % 3}") for n in range(12)]
    await bench.put(*wanted)
    assert await bench.another(concurrency=4, due=watched).run(START) == 12
    assert sorted(fired) == [each.subject_id for each in wanted]
    assert set(most.values()) == {1}


class Taken(Exception):
    """What the driver says of a row that somebody else holds."""

    sqlstate = "55P03"


async def test_who_finds_the_row_taken_tries_again_in_a_moment_and_has_not_failed(
    bench: Bench,
) -> None:
    async def meet(connection, due: FiredTimer) -> None:
        raise OperationalError("SELECT", {}, Taken("could not obtain lock on row"))

    (made,) = await bench.put(spec())
    with capture_logs() as logged:
        assert await bench.another(due=meet).run(START) == 0
    row = await bench.row(made)
    assert (row.state, row.failures, row.error) == ("pending", 0, None)
    assert row.retry_at == START + GIVE_WAY
    assert (bench.observed, logged) == ([], [])
    bench.clock.step(seconds=1)
    assert await bench.run() == 1


SUBJECTS = ("a", "b")
PLACES = (-60, -30, 0, 30)
"""Few, so that a deadline is often set again to the instant for which it has fired."""
MOVES = st.tuples(
    st.sampled_from(["set", "cancel", "run"]), st.sampled_from(SUBJECTS), st.sampled_from(PLACES)
)


@settings(max_examples=25)
@given(moves=st.lists(MOVES, min_size=3, max_size=20))
@example(moves=[("set", "a", 0), ("run", "a", 0), ("set", "a", 0)])
async def test_any_sequence_fires_what_a_plain_model_fires(
    moves: list[tuple[str, str, int]],
) -> None:
    clock = SteppingClock()
    model: dict[str, tuple[datetime, str]] = {}
    expected: list[tuple[str, datetime]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with open_database("sqlite", Path(folder)) as database:
            bench = Bench(database, clock)
            for move, subject, minutes in [*moves, ("run", "a", 90)]:
                if move == "set":
                    due_at = START + minutes * MINUTE
                    await bench.put(spec(subject, due_at=due_at))
                    if model.get(subject) != (due_at, "fired"):
                        model[subject] = (due_at, "pending")
                elif move == "cancel":
                    async with database.write() as connection:
                        await Timers().cancel(connection, subject=("step", subject))
                    if model.get(subject, (START, "none"))[1] == "pending":
                        model[subject] = (model[subject][0], "cancelled")
                else:
                    clock.step(minutes=max(0, minutes) // 3)
                    await bench.run()
                    due = sorted(
                        (due_at, spec(name).id, name)
                        for name, (due_at, state) in model.items()
                        if state == "pending" and due_at <= clock.now()
                    )
                    for due_at, _, name in due:
                        expected.append((name, due_at))
                        model[name] = (due_at, "fired")
    assert [(fired.subject_id, fired.due_at) for fired in bench.handler.fired] == expected


def test_it_has_a_name(local: Bench) -> None:
    assert local.engine.name == "timers"


async def test_firings_are_counted_in_the_metrics(local: Bench) -> None:
    engine = TimerEngine(
        local.database, clock=local.clock, owner="w", handlers={"counted": local.handler}
    )
    await local.put(spec(kind="counted", due_at=START - MINUTE))
    await engine.run(START)
    local.handler.answer = Stale.NO_LONGER_DUE
    await local.put(spec(kind="counted", due_at=START))
    await engine.run(START)

    def sample(name: str, **labels: str) -> float | None:
        return REGISTRY.get_sample_value(name, {"kind": "counted", **labels})

    assert sample("fengsui_timers_fired_total", outcome="fired") == 1
    assert sample("fengsui_timers_fired_total", outcome="stale") == 1
    assert sample("fengsui_timer_lateness_seconds_sum") == 60
