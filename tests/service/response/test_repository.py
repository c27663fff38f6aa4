"""Runs in the database: the snapshot counts, the step rows follow it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playbooks import StepDone, advance
from service.errors import Conflict, NotFound
from service.response import repository
from tests.support.clock import START
from tests.support.incident_scene import IncidentScene


async def test_a_run_comes_back_as_it_was_written(scene: IncidentScene) -> None:
    opened = await scene.open()
    async with scene.database.write() as connection:
        stored = await repository.get(connection, opened.id)
        await repository.save(connection, stored, stored.run, now=START)
        again = await repository.get(connection, opened.id)
    assert again == replace(stored, version=2)


async def test_step_rows_follow_the_snapshot(scene: IncidentScene) -> None:
    opened = await scene.open()
    async with scene.database.write() as connection:
        stored = await repository.get(connection, opened.id)
        run, _ = advance(stored.run, StepDone(step="first_response", by="usr_lin"), START)
        await repository.save(connection, stored, run, now=START)
        rows = await repository.steps_of(connection, opened.id)
    assert [row.step_id for row in rows] == [step.id for step in run.steps]
    assert [row.state for row in rows] == [step.state.value for step in run.steps]


async def test_steps_that_come_and_go_do_so_in_the_table(scene: IncidentScene) -> None:
    opened = await scene.open()
    async with scene.database.write() as connection:
        whole = await repository.get(connection, opened.id)
        fewer = replace(whole.run, steps=whole.run.steps[:3])
        short = await repository.save(connection, whole, fewer, now=START)
        assert [row.step_id for row in await repository.steps_of(connection, opened.id)] == [
            step.id for step in fewer.steps
        ]
        again = await repository.save(connection, short, whole.run, now=START)
        rows = await repository.steps_of(connection, opened.id)
        assert again == await repository.get(connection, opened.id)
    assert [row.step_id for row in rows] == [step.id for step in whole.run.steps]


async def test_who_saves_an_old_version_is_refused(scene: IncidentScene) -> None:
    opened = await scene.open()
    async with scene.database.write() as connection:
        stored = await repository.get(connection, opened.id)
        await repository.save(connection, stored, stored.run, now=START)
        with pytest.raises(Conflict, match="load it again"):
            await repository.save(connection, stored, stored.run, now=START)


async def test_an_incident_without_a_run(local: IncidentScene) -> None:
    async with local.database.read() as connection:
        assert await repository.find(connection, "inc_none") is None
        with pytest.raises(NotFound, match="'inc_none' has no run"):
            await repository.get(connection, "inc_none")
        assert await repository.steps_of(connection, "inc_none") == ()
