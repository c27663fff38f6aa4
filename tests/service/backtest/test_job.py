"""Back-tests by a job: played in a thread, told of, called off, left behind by a dead process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
import pytest_asyncio

from playbooks import Library
from service.auth import SYSTEM
from service.backtest import (
    Ask,
    BacktestJob,
    BacktestOffice,
    BacktestRun,
    BacktestState,
    Installation,
    Rehearsal,
    Rehearse,
    Stage,
)
from service.backtest.asking import MOST_LEXICON
from service.backtest.job import BEAT
from service.backtest.office import LOST_AFTER
from service.db.tables import backtest
from service.errors import InvalidInput
from service.rules import RulesInForce
from service.stores import Page, PostQuery, PostStore, StoredPost
from tests.support.clock import SteppingClock
from tests.support.watch_scene import HURT, WatchScene, open_watch

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watch(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WatchScene]:
    async with open_watch(tmp_path_factory.mktemp("watch"), SteppingClock()) as scene:
        await scene.say("青柚茶好喝", HURT)
        await scene.wait(minutes=5)
        yield scene


class Hall:
    """Where rehearsals wait until a test lets them go on."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.free = threading.Event()
        self.error: Exception | None = None

    async def rehearse(
        self,
        posts: Sequence[StoredPost],
        stage: Stage,
        library: Library,
        *,
        taped: bool,
        tell: Callable[[int, int], None],
    ) -> Rehearsal:
        del stage, taped
        self.entered.set()
        tell(1, len(posts))
        assert self.free.wait(30)
        tell(len(posts), len(posts))
        if self.error is not None:
            raise self.error
        return Rehearsal(library=library, incidents=())


def job_of(watch: WatchScene, rehearse: Rehearse, place: Installation | None = None) -> BacktestJob:
    container = watch.container
    return BacktestJob(
        office=container.backtests,
        place=place or container.backtested,
        clock=watch.clock,
        worker="test",
        rehearse=rehearse,
        reread=container.reread,
    )


async def ended(watch: WatchScene, job: BacktestJob, run: BacktestRun) -> BacktestRun:
    """The job looked after until it has let go of the run."""
    for _ in range(3_000):
        at = await job.next_at()
        if at is not None and at <= watch.clock.now() and await job.run(watch.clock.now()):
            break
        watch.clock.step(seconds=BEAT.total_seconds())
        await asyncio.sleep(0.01)
    return await office(watch).get(run.id)


def office(watch: WatchScene) -> BacktestOffice:
    return watch.container.backtests


async def begun(watch: WatchScene, ask: Ask | None = None) -> BacktestRun:
    return await office(watch).begin(SYSTEM, (ask or Ask()).to_json())


async def test_the_installations_own_job_answers(watch: WatchScene) -> None:
    (job,) = [job for job in watch.container.upkeep if job.name == "backtest"]
    assert isinstance(job, BacktestJob)
    ask = Ask(
        since=watch.start,
        until=watch.start + timedelta(days=1),
        rules=({"id": "injury_single", "enabled": False},),
        budget="3/night",
    )
    done = await ended(watch, job, await begun(watch, ask))

    assert (done.state, done.stage) == (BacktestState.DONE, "done")
    assert done.result is not None
    assert [item["scenario"] for item in done.result["incidents"]["lost"]] == ["safety_incident"]
    assert done.result["budget"]["fits"]
    assert Ask.of_json(done.asked) == ask


async def test_progress_is_told_and_one_is_played_at_a_time(watch: WatchScene) -> None:
    hall = Hall()
    job = job_of(watch, hall.rehearse)
    first = await begun(watch)
    watch.clock.step(seconds=1)
    second = await begun(watch)
    await job.run(watch.clock.now())
    await asyncio.to_thread(hall.entered.wait, 30)
    await job.run(watch.clock.now())

    told = await office(watch).get(first.id)
    assert (told.state, told.stage, told.done, told.of) == (BacktestState.RUNNING, "current", 1, 2)
    assert (await office(watch).get(second.id)).state is BacktestState.QUEUED
    hall.free.set()
    assert (await ended(watch, job, first)).state is BacktestState.DONE
    assert (await ended(watch, job, second)).state is BacktestState.DONE


async def test_one_that_is_called_off_stops(watch: WatchScene) -> None:
    hall = Hall()
    job = job_of(watch, hall.rehearse)
    run = await begun(watch)
    await job.run(watch.clock.now())
    await asyncio.to_thread(hall.entered.wait, 30)
    await office(watch).cancel(SYSTEM, run.id)
    await job.run(watch.clock.now())
    hall.free.set()

    done = await ended(watch, job, run)
    assert (done.state, done.result) == (BacktestState.CANCELLED, None)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InvalidInput("mend this line"), "mend this line"),
        (RuntimeError("secret path"), "it broke down: RuntimeError; the log has more"),
    ],
)
async def test_why_it_failed_is_told(watch: WatchScene, error: Exception, said: str) -> None:
    hall = Hall()
    hall.error = error
    hall.free.set()
    job = job_of(watch, hall.rehearse)

    done = await ended(watch, job, await begun(watch))
    assert (done.state, done.reason) == (BacktestState.FAILED, said)


async def test_what_cannot_be_read_fails_at_once(watch: WatchScene) -> None:
    job = job_of(watch, Hall().rehearse)
    run = await begun(watch, Ask(monitor="coffee"))
    await job.run(watch.clock.now())

    done = await office(watch).get(run.id)
    assert done.state is BacktestState.FAILED
    assert "no monitor coffee" in str(done.reason)


async def test_what_a_dead_process_left_behind_has_failed(watch: WatchScene) -> None:
    run = await begun(watch)
    taken = await office(watch).take("another")
    assert taken is not None
    assert not await office(watch).waits()
    watch.clock.step(seconds=LOST_AFTER.total_seconds() + 1)

    assert await office(watch).waits()
    assert await office(watch).take("me") is None
    done = await office(watch).get(run.id)
    assert (done.state, done.reason) == (
        BacktestState.FAILED,
        "the process that ran it has ended; ask again",
    )
    assert not await office(watch).beat(run.id, stage="x", done=0, of=0)


async def test_an_idle_job_looks_now_and_then(watch: WatchScene) -> None:
    job = job_of(watch, Hall().rehearse)
    now = watch.clock.now()

    assert await job.next_at() == now + BEAT
    assert await job.next_at() == now + BEAT
    assert await job.run(now) == 0


async def test_too_many_rules_are_refused(watch: WatchScene) -> None:
    with pytest.raises(InvalidInput, match="at most 100 rules"):
        Ask(rules=({"id": "x"},) * 101).candidate(in_force(watch))


async def test_a_lexicon_that_is_too_long_is_refused_unread(watch: WatchScene) -> None:
    with pytest.raises(InvalidInput, match="at most 1,000,000 characters"):
        Ask(lexicon="x" * (MOST_LEXICON + 1)).candidate(in_force(watch))


class Shelf:
    """The installation's posts; a page of them waits until a test lets it go on."""

    def __init__(self, store: PostStore) -> None:
        self._store = store
        self.asked = asyncio.Event()
        self.free = asyncio.Event()

    async def search(self, query: PostQuery, **how: Any) -> Page:
        self.asked.set()
        await self.free.wait()
        return await self._store.search(query, **how)


async def test_one_that_is_called_off_while_it_reads_stops(watch: WatchScene) -> None:
    shelf = Shelf(watch.container.store)
    place = replace(watch.container.backtested, store=cast(PostStore, shelf))
    hall = Hall()
    job = job_of(watch, hall.rehearse, place)
    run = await begun(watch)
    working = asyncio.create_task(job.run(watch.clock.now()))
    await shelf.asked.wait()
    before = (await row(watch, run)).beat_at
    watch.clock.step(seconds=1)
    await office(watch).cancel(SYSTEM, run.id)
    # It hears of that with its next sign of life, a second later at most.
    await asyncio.sleep(BEAT.total_seconds() * 1.5)
    shelf.free.set()

    assert await working == 0
    assert not hall.entered.is_set()
    assert (await office(watch).get(run.id)).state is BacktestState.CANCELLED
    assert (await row(watch, run)).beat_at == before
    assert await job.run(watch.clock.now()) == 0


async def test_reading_gives_signs_of_life(watch: WatchScene) -> None:
    shelf = Shelf(watch.container.store)
    place = replace(watch.container.backtested, store=cast(PostStore, shelf))
    hall = Hall()
    hall.free.set()
    job = job_of(watch, hall.rehearse, place)
    run = await begun(watch)
    working = asyncio.create_task(job.run(watch.clock.now()))
    await shelf.asked.wait()
    before = (await row(watch, run)).beat_at
    watch.clock.step(seconds=5)
    await asyncio.sleep(BEAT.total_seconds() * 1.5)
    shelf.free.set()
    await working

    assert (await row(watch, run)).beat_at > before
    assert (await ended(watch, job, run)).state is BacktestState.DONE


async def test_what_breaks_down_while_it_reads_has_failed(watch: WatchScene) -> None:
    class Odd:
        async def search(self, *_: Any, **__: Any) -> Any:
            raise ZeroDivisionError

    place = replace(watch.container.backtested, store=cast(PostStore, Odd()))
    job = job_of(watch, Hall().rehearse, place)
    run = await begun(watch)
    await job.run(watch.clock.now())

    done = await office(watch).get(run.id)
    assert (done.state, done.reason) == (
        BacktestState.FAILED,
        "it broke down: ZeroDivisionError; the log has more",
    )


def in_force(watch: WatchScene) -> RulesInForce:
    return watch.container.rules.directory.in_force


async def row(watch: WatchScene, run: BacktestRun) -> Any:
    async with watch.container.database.read() as connection:
        found = await connection.execute(backtest.select().where(backtest.c.id == run.id))
    return found.one()
