"""Tapes made in a thread: played when ready, failures told, dead processes noticed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from service.auth import SYSTEM
from service.db.tables import drill as drill_table
from service.drill import Drill, DrillPreparation, DrillState, Tape
from service.drill.preparing import BEAT, LOST_AFTER
from service.errors import InvalidInput
from tests.support.drill_scene import LEAD, DrillScene, tape

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Workshop:
    """Where tapes wait until a test lets them be made."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.made: Tape | Exception = tape()
        self.unread: Exception | None = None
        self.asked: list[Mapping[str, Any]] = []

    async def prepare(self, asked: Mapping[str, Any]) -> Callable[[], Tape]:
        self.asked.append(asked)
        if self.unread is not None:
            raise self.unread
        return self._make

    def _make(self) -> Tape:
        assert self.free.wait(30)
        if isinstance(self.made, Exception):
            raise self.made
        return self.made


def job_of(scene: DrillScene, workshop: Workshop, worker: str = "test") -> DrillPreparation:
    return DrillPreparation(
        scene.container.database,
        clock=scene.clock,
        office=scene.office,
        worker=worker,
        prepare=workshop.prepare,
    )


async def asked(scene: DrillScene) -> Drill:
    return await scene.office.begin(LEAD, stream="stored", speed=1, asked={"of": "tea"})


async def finish(scene: DrillScene, job: DrillPreparation) -> None:
    """Look after the job until the thread has ended."""
    for thread in threading.enumerate():
        if thread.name == "drill":
            thread.join(30)
    await job.run(scene.clock.step(seconds=BEAT.total_seconds()))


async def test_a_tape_is_made_and_played(scene: DrillScene) -> None:
    workshop = Workshop()
    job, drill = job_of(scene, workshop), await asked(scene)
    await job.run(scene.clock.now())
    await job.run(scene.clock.step(seconds=1))
    assert (await scene.now(drill)).state is DrillState.PREPARING
    workshop.free.set()
    await finish(scene, job)
    assert workshop.asked == [{"of": "tea"}]
    assert (await scene.now(drill)).state is DrillState.RUNNING
    await scene.wait(seconds=1)
    assert (await scene.incident(drill)).drill


async def test_it_looks_once_a_second(scene: DrillScene) -> None:
    job = job_of(scene, Workshop())
    assert await job.next_at() == scene.clock.now()
    await job.run(scene.clock.now())
    assert await job.next_at() == scene.clock.now() + BEAT


@pytest.mark.parametrize(
    ("error", "said"),
    [(InvalidInput("nothing opens"), "nothing opens"), (ValueError("x"), "ValueError")],
)
async def test_why_there_is_no_tape_is_told(scene: DrillScene, error: Exception, said: str) -> None:
    for unread in (True, False):
        workshop = Workshop()
        workshop.free.set()
        if unread:
            workshop.unread = error
        else:
            workshop.made = error
        job, drill = job_of(scene, workshop), await asked(scene)
        await job.run(scene.clock.now())
        await finish(scene, job)
        failed = await scene.now(drill)
        assert failed.state is DrillState.FAILED
        assert said in (failed.reason or "")


async def test_one_that_was_stopped_meanwhile_is_not_played(scene: DrillScene) -> None:
    workshop = Workshop()
    job, drill = job_of(scene, workshop), await asked(scene)
    await job.run(scene.clock.now())
    await scene.office.stop(LEAD, drill.id)
    workshop.free.set()
    await finish(scene, job)
    stopped = await scene.now(drill)
    assert (stopped.state, stopped.moves, stopped.sheet) == (DrillState.STOPPED, 0, None)
    assert await scene.office.clear(LEAD, drill.id) == 0


async def test_what_a_dead_process_left_behind_has_failed(scene: DrillScene) -> None:
    drill = await asked(scene)
    async with scene.container.database.write() as connection:
        await connection.execute(
            drill_table.update()
            .where(drill_table.c.id == drill.id)
            .values(worker="dead", beat_at=scene.clock.now())
        )
    other = Workshop()
    job = job_of(scene, other, worker="second")
    await job.run(scene.clock.now())
    assert (await scene.now(drill)).state is DrillState.PREPARING
    await job.run(scene.clock.step(seconds=(LOST_AFTER + timedelta(seconds=1)).total_seconds()))
    failed = await scene.office.get(SYSTEM, drill.id)
    assert failed.state is DrillState.FAILED
    assert "has ended" in (failed.reason or "")
    assert other.asked == []
