"""Two at one review or improvement, on the engine where they may meet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from service.auth import Role
from service.db import tables
from service.errors import Conflict
from service.reviews import ItemState, ReviewDesk, Telling, items, rows
from service.reviews.points import PointRow
from tests.service.reviews.conftest import DAY, ReviewScene, form
from tests.support.clock import SteppingClock
from tests.support.database import open_database, postgres_url
from tests.support.incident_scene import LEAD, PUBLIC_URL, VIEWER, person

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(postgres_url() is None, reason="rows are locked on PostgreSQL only"),
]
SECOND = person("second", Role.LEAD)


class SlowTelling(Telling):
    """Takes its time between what a closing found and its commit."""

    async def all(self, *arguments: Any, **named: Any) -> None:
        await super().all(*arguments, **named)
        await asyncio.sleep(0.3)


@pytest.fixture
async def scene(clock: SteppingClock, tmp_path: Path) -> AsyncIterator[ReviewScene]:
    async with open_database("postgres", tmp_path) as database:
        made = ReviewScene(database, clock, tmp_path)
        await made.department("quality")
        yield made


async def filled(scene: ReviewScene) -> str:
    """A review that lacks nothing."""
    incident = await scene.closed()
    review = (await scene.review_of(incident.id)).id
    await scene.reviews.save(LEAD, review, form())
    await scene.reviews.involve(LEAD, review, "quality")
    await scene.propose(review, "quality")
    return review


async def test_a_timer_gives_way_to_whoever_has_the_improvement(scene: ReviewScene) -> None:
    review = await filled(scene)
    item = await scene.propose(review, "quality", due_at=scene.clock.now() + DAY)
    now = scene.clock.step(hours=25)
    async with scene.database.write() as connection:
        await items.get(connection, item.id, locked=True)
        with capture_logs():
            await asyncio.wait_for(scene.engine.run(now), timeout=5)
    assert await scene.told("improvement.due") == []
    await scene.pass_time(minutes=1)
    assert await scene.told("improvement.due") == ["*"]


async def test_a_timer_gives_way_to_whoever_has_the_review(scene: ReviewScene) -> None:
    review = await filled(scene)
    now = scene.clock.step(days=6)
    async with scene.database.write() as connection:
        await rows.get(connection, review, locked=True)
        with capture_logs():
            await asyncio.wait_for(scene.engine.run(now), timeout=5)
    assert await scene.told("review.due_soon") == []
    await scene.pass_time(minutes=1)
    assert await scene.told("review.due_soon") == ["*"]


async def test_two_causes_found_at_once_confirm_the_recurrence(scene: ReviewScene) -> None:
    both = [await filled(scene) for _ in range(2)]
    desk = ReviewDesk(
        database=scene.database,
        clock=scene.clock,
        clocks=scene.responding.review_clocks,
        telling=SlowTelling(public_url=PUBLIC_URL),
        response_desk=scene.responding.response_desk,
    )
    await asyncio.gather(*(desk.close(LEAD, review) for review in both))
    kinds = [row["kind"] for row in await scene.rows(tables.incident_event)]
    assert kinds.count("recurrence_confirmed") == 2
    assert await scene.balance("quality") == 2 + 2 - 5


async def test_two_who_make_one_loss_good_are_one_and_a_conflict(scene: ReviewScene) -> None:
    incident = await scene.closed()
    review = await scene.review_of(incident.id)
    await scene.reviews.involve(LEAD, review.id, "quality")
    scene.clock.step(days=8)
    made = [await scene.propose(review.id, "quality") for _ in range(2)]
    (lost,) = await scene.points.page(VIEWER, "quality", before=None, limit=9)
    for item in made:
        for state in (ItemState.ACCEPTED, ItemState.DONE):
            await scene.improvements.move(LEAD, item.id, state)
        await scene.improvements.move(SECOND, item.id, ItemState.VERIFIED)
    outcomes = await asyncio.gather(
        *(scene.points.redeem(LEAD, "quality", lost.id, item.id) for item in made),
        return_exceptions=True,
    )
    assert {type(item) for item in outcomes} == {Conflict, PointRow}
    assert await scene.balance("quality") == 5 + 5


async def test_who_files_for_a_department_that_goes_is_told(scene: ReviewScene) -> None:
    incident = await scene.closed()
    review = await scene.review_of(incident.id)
    await scene.reviews.involve(LEAD, review.id, "quality")
    await scene.department("logistics")
    outcomes = await asyncio.gather(
        scene.departments.delete(LEAD, "quality", heir="logistics"),
        scene.propose(review.id, "quality"),
        return_exceptions=True,
    )
    file = await scene.reviews.file(VIEWER, review.id)
    assert {item.department_id for item in file.improvements} <= {"logistics"}
    assert [place.department_id for place in file.involved] == ["logistics"]
    assert any(not isinstance(item, Exception) for item in outcomes)
