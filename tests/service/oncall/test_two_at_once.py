"""A person and a timer at the same escalation, on the engine where they may meet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from service.auth import SYSTEM
from service.db import tables
from service.incidents import repository
from service.incidents.lifecycle import Action
from service.oncall import ChainDraft, escalations
from service.oncall.model import EVERYBODY, ChainStep
from tests.support.clock import SteppingClock
from tests.support.database import open_database, postgres_url
from tests.support.incident_scene import LEAD
from tests.support.oncall_scene import OncallScene

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(postgres_url() is None, reason="rows are locked on PostgreSQL only"),
]


@pytest.fixture
async def scene(clock: SteppingClock, tmp_path: Path) -> AsyncIterator[OncallScene]:
    async with open_database("postgres", tmp_path) as database:
        yield OncallScene(database, clock, tmp_path)


async def test_a_timer_gives_way_to_a_person_and_finds_nothing_left_to_do(
    scene: OncallScene,
) -> None:
    await scene.add_person("lin", "lin-phone")
    await scene.name_duty("duty", "lin")
    incident = await scene.open("red")
    before = scene.called()
    now = scene.clock.step(minutes=5)

    async with scene.database.write() as connection:
        await escalations.alive(connection, incident.id)
        with capture_logs():
            # The timer is free and its escalation is not: a handler that waited would hold the
            # timer which the person is about to cancel.
            await asyncio.wait_for(scene.engine.run(now), timeout=5)
        await scene.incidents.move(
            connection,
            await repository.get(connection, incident.id),
            Action.ACKNOWLEDGE,
            actor=LEAD.id,
            now=now,
        )
    await scene.pass_time(minutes=10)

    assert scene.called() == before == ["lin-phone"]


async def test_a_timer_that_gives_way_again_and_again_is_not_given_up(scene: OncallScene) -> None:
    await scene.add_person("lin", "lin-phone")
    await scene.name_duty("duty", "lin")
    incident = await scene.open("red")
    scene.clock.step(minutes=5)

    async with scene.database.write() as connection:
        await escalations.alive(connection, incident.id)
        for _ in range(8):
            await scene.engine.run(scene.clock.step(minutes=30))
    await scene.pass_time(minutes=1)

    (step,) = [row for row in await scene.rows(tables.timer) if row["kind"] == "oncall.step"]
    assert (step["failures"], step["state"]) == (0, "pending")
    assert scene.called() == ["lin-phone", "lin-phone"]


async def test_that_nobody_answers_is_said_when_whoever_writes_is_done(scene: OncallScene) -> None:
    steps = (ChainStep(notify=(EVERYBODY,)),)
    draft = ChainDraft(id="yellow", name="x", steps=steps, again_min=10)
    await scene.books.chains.put(SYSTEM, draft)
    incident = await scene.open()
    due = scene.clock.step(minutes=10)

    async with scene.database.write() as connection:
        await connection.execute(
            tables.incident.update().where(tables.incident.c.id == incident.id).values(posts=9)
        )
        await scene.engine.run(due)
    assert "unanswered" not in await scene.kinds()
    await scene.pass_time(minutes=1)

    assert "unanswered" in await scene.kinds()
