"""Points: proposals in time and late, what is made good, rows that never change."""

from __future__ import annotations

from asyncio import gather

import pytest

from service.auth import Role
from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.reviews import ItemState, PointReason
from service.reviews.model import Improvement
from tests.service.reviews.conftest import DAY, ReviewScene
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER, person

SECOND = person("second", Role.LEAD)


async def late(scene: ReviewScene, name: str = "quality") -> Improvement:
    """A department whose only proposal came too late."""
    await scene.department(name)
    incident = await scene.closed()
    review = await scene.review_of(incident.id)
    await scene.reviews.involve(LEAD, review.id, name)
    scene.clock.step(days=8)
    return await scene.propose(review.id, name)


async def verify(scene: ReviewScene, item: Improvement) -> None:
    for state in (ItemState.ACCEPTED, ItemState.DONE):
        await scene.improvements.move(LEAD, item.id, state)
    await scene.improvements.move(SECOND, item.id, ItemState.VERIFIED)


async def test_only_the_first_proposal_counts(scene: ReviewScene) -> None:
    await scene.department("quality")
    incident = await scene.closed()
    review = await scene.review_of(incident.id)
    await scene.reviews.involve(LEAD, review.id, "quality")
    for _ in range(2):
        await scene.propose(review.id, "quality")
    (row,) = await scene.points.page(VIEWER, "quality", before=None, limit=10)
    assert (row.reason, row.points, row.by) == (PointReason.ON_TIME_PROPOSAL, 2, LEAD.id)


async def test_two_at_once_count_once(scene: ReviewScene) -> None:
    await scene.department("quality")
    incident = await scene.closed()
    review = await scene.review_of(incident.id)
    await scene.reviews.involve(LEAD, review.id, "quality")
    filed = await gather(*(scene.propose(review.id, "quality") for _ in range(3)))
    assert len({item.id for item in filed}) == 3
    assert await scene.balance("quality") == 2


async def test_a_late_one_costs(scene: ReviewScene) -> None:
    await late(scene)
    assert await scene.balance("quality") == -2


async def test_who_is_excused_loses_nothing(local: ReviewScene) -> None:
    await local.department("quality")
    incident = await local.closed()
    review = await local.review_of(incident.id)
    await local.reviews.involve(LEAD, review.id, "quality")
    await local.reviews.excuse(LEAD, review.id, "quality", reason="只是转达")
    local.clock.step(days=8)
    await local.propose(review.id, "quality")
    assert await local.balance("quality") == 0


async def test_a_verified_improvement_makes_one_loss_good(scene: ReviewScene) -> None:
    item = await late(scene)
    (lost,) = await scene.points.page(VIEWER, "quality", before=None, limit=10)
    with pytest.raises(Conflict, match="must be verified first"):
        await scene.points.redeem(LEAD, "quality", lost.id, item.id)
    await verify(scene, item)
    made = await scene.points.redeem(LEAD, "quality", lost.id, item.id, note="补上了")
    assert (made.reason, made.points, made.redeems) == (PointReason.REDEMPTION, 2, lost.id)
    assert await scene.balance("quality") == 5
    rows = await scene.points.page(VIEWER, "quality", before=made.id, limit=10)
    assert [(row.points, row.redeemed_by) for row in rows] == [(5, None), (-2, made.id)]
    deeds = {row["action"]: row["data"] for row in await scene.rows(tables.audit_entry)}
    assert deeds["department.redeemed"]["improvement"] == item.id
    with pytest.raises(Conflict, match="was made good by row"):
        await scene.points.redeem(LEAD, "quality", lost.id, item.id)


async def test_one_improvement_makes_one_loss_good(local: ReviewScene) -> None:
    await late(local)
    second = await late(local)
    await verify(local, second)
    losses = [
        row.id
        for row in await local.points.page(VIEWER, "quality", before=None, limit=10)
        if row.points < 0
    ]
    await local.points.redeem(LEAD, "quality", losses[0], second.id)
    with pytest.raises(Conflict, match="another loss"):
        await local.points.redeem(LEAD, "quality", losses[1], second.id)


async def test_what_makes_no_loss_good(local: ReviewScene) -> None:
    item = await late(local)
    await verify(local, item)
    other = await late(local, "logistics")
    (theirs,) = await local.points.page(VIEWER, "logistics", before=None, limit=1)
    won, lost = await local.points.page(VIEWER, "quality", before=None, limit=2)
    redeem = local.points.redeem
    with pytest.raises(Conflict, match="took no points"):
        await redeem(LEAD, "quality", won.id, item.id)
    with pytest.raises(Conflict, match="is of logistics"):
        await redeem(LEAD, "quality", lost.id, other.id)
    with pytest.raises(NotFound):
        await redeem(LEAD, "quality", theirs.id, item.id)
    with pytest.raises(Forbidden):
        await redeem(RESPONDER, "quality", lost.id, item.id)
    await late(local)
    (newest,) = await local.points.page(VIEWER, "quality", before=None, limit=1)
    with pytest.raises(Conflict, match="verified before row"):
        await redeem(LEAD, "quality", newest.id, item.id)


async def test_a_row_that_cannot_be_is_not_there(scene: ReviewScene) -> None:
    item = await late(scene)
    for row in (0, -1, 10**30):
        with pytest.raises(NotFound, match="has no row"):
            await scene.points.redeem(LEAD, "quality", row, item.id)


async def test_of_monitors_out_of_sight_only_points_are_shown(local: ReviewScene) -> None:
    item = await late(local)
    await verify(local, item)
    _, lost = await local.points.page(VIEWER, "quality", before=None, limit=9)
    coffee = frozenset({"coffee"})
    with pytest.raises(Forbidden):
        await local.points.redeem(
            person("el", Role.LEAD, monitors=coffee), "quality", lost.id, item.id
        )
    made = await local.points.redeem(LEAD, "quality", lost.id, item.id, note="张三补上了")
    assert (made.reason, made.note) == (PointReason.REDEMPTION, "张三补上了")
    elsewhere = person("n", Role.VIEWER, monitors=coffee)
    for row in await local.points.page(elsewhere, "quality", before=None, limit=9):
        named = (row.note, row.incident_id, row.review_id, row.improvement_id)
        assert named == (None, None, None, None)
        assert row.points != 0
    near = person("t", Role.VIEWER, monitors=frozenset({"tea"}))
    assert (await local.points.page(near, "quality", before=None, limit=1))[0].note is not None


async def test_balances_of_a_time(local: ReviewScene) -> None:
    begin = local.clock.now()
    item = await late(local)
    middle = local.clock.now()
    local.clock.step(days=1)
    await verify(local, item)
    (all_time,) = await local.points.balances(VIEWER)
    assert (all_time.points, all_time.won, all_time.lost) == (3, 5, -2)
    (before,) = await local.points.balances(VIEWER, since=begin, until=middle + DAY)
    assert before.points == -2
    assert await local.points.balances(VIEWER, until=begin) == ()
    with pytest.raises(InvalidInput):
        await local.points.balances(VIEWER, since=middle, until=begin)
