"""Two workers and a person at the same incident, on the engine where they may meet."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from playbooks import DeadlineKind
from service.db import tables
from service.incidents import repository
from service.incidents.lifecycle import Action
from service.response import timer_kind
from service.timers import TimerEngine
from tests.support.clock import SteppingClock
from tests.support.database import open_database, postgres_url
from tests.support.incident_scene import LEAD, IncidentScene

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(postgres_url() is None, reason="rows are locked on PostgreSQL only"),
]


@pytest.fixture
async def scene(clock: SteppingClock, tmp_path: Path) -> AsyncIterator[IncidentScene]:
    async with open_database("postgres", tmp_path) as database:
        yield IncidentScene(database, clock)


def another(scene: IncidentScene) -> TimerEngine:
    """The engine of another worker."""
    return TimerEngine(
        scene.database,
        clock=scene.clock,
        owner="another",
        handlers={timer_kind(kind): scene.responses.deadline_passed for kind in DeadlineKind},
        recheck=None,
    )


async def test_deadlines_of_one_incident_on_two_workers_all_pass_and_none_fails(
    scene: IncidentScene,
) -> None:
    await scene.open(tier="orange", tier_rank=2)
    scene.clock.step(hours=30)
    engines = [scene.engine, another(scene)]
    with capture_logs() as logged:
        for _ in range(30):
            scene.clock.step(seconds=1)
            await asyncio.gather(*(engine.run(scene.clock.now()) for engine in engines))
    due = [row for row in await scene.rows(tables.timer) if row["due_at"] <= scene.clock.now()]
    assert len(due) > 20
    assert {row["state"] for row in due} <= {"fired", "cancelled"}
    assert sum(row["failures"] for row in due) == 0
    assert logged == []
    told = Counter(
        (row["type"], row["data"]["step"]["step"])
        for row in await scene.rows(tables.outbox)
        if "step" in row["data"]
    )
    assert set(told.values()) == {1}


async def test_a_deadline_gives_way_to_whoever_moves_its_incident(scene: IncidentScene) -> None:
    opened = await scene.open()
    due_at = min(row["due_at"] for row in await scene.rows(tables.timer))
    scene.clock.advance_to(due_at)
    async with scene.writing(opened.id) as (connection, _):
        held = await repository.hold(connection, opened.id)
        assert held is not None
        # One that waited would hold the timer which the person is about to cancel.
        fired = await asyncio.wait_for(scene.engine.run(scene.clock.now()), timeout=20)
        await scene.incidents.move(
            connection,
            held,
            Action.MARK_FALSE_POSITIVE,
            actor=LEAD.id,
            now=scene.clock.now(),
            reason="a joke",
        )
    assert fired == 0
    await scene.pass_time(hours=1)
    assert not [name for name in await scene.told() if name.startswith("step.due")]


async def test_a_deadline_that_gave_way_is_told_of_a_moment_later(scene: IncidentScene) -> None:
    opened = await scene.open()
    due_at = min(row["due_at"] for row in await scene.rows(tables.timer))
    scene.clock.advance_to(due_at)
    async with scene.writing(opened.id) as (connection, _):
        await repository.hold(connection, opened.id)
        assert await scene.engine.run(scene.clock.now()) == 0
    scene.clock.step(seconds=1)
    assert await scene.engine.run(scene.clock.now()) > 0
    assert "step.due_soon" in await scene.told()
