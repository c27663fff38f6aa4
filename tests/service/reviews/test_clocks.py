"""Who hears of reviews and improvements that wait, in virtual time."""

from __future__ import annotations

from service.auth import Role
from service.incidents import Action
from service.reviews import ItemState
from tests.service.reviews.conftest import DAY, ReviewScene
from tests.support.incident_scene import LEAD, person

QIN = person("qin", Role.VIEWER)
WU = person("wu", Role.VIEWER)


async def waiting(scene: ReviewScene) -> str:
    """A review of LEAD that waits for `quality`, while `legal` has filed."""
    for someone in (LEAD, QIN, WU):
        await scene.account(someone)
    await scene.department("quality", QIN)
    await scene.department("legal", WU)
    incident = await scene.closed()
    review = await scene.review_of(incident.id)
    for name in ("quality", "legal"):
        await scene.reviews.involve(LEAD, review.id, name)
    return review.id


async def test_a_review_warns_those_whom_it_waits_for(scene: ReviewScene) -> None:
    review = await waiting(scene)
    await scene.propose(review, "legal", due_at=scene.clock.now() + 100 * DAY)
    await scene.pass_time(days=5)
    assert await scene.told("review.due_soon") == []
    await scene.pass_time(days=1)
    assert await scene.told("review.due_soon") == [LEAD.id, QIN.id]
    await scene.pass_time(days=1)
    assert await scene.told("review.due") == [LEAD.id, QIN.id]
    assert await scene.told("review.escalated") == []
    await scene.pass_time(days=1)
    assert await scene.told("review.escalated") == ["*", LEAD.id, QIN.id]


async def test_where_nobody_can_be_told_channels_are(local: ReviewScene) -> None:
    await local.department("quality")
    await local.closed()
    await local.pass_time(days=7)
    assert await local.told("review.due") == ["*"]


async def test_an_improvement_is_asked_of_its_owner_then_of_its_department(
    scene: ReviewScene,
) -> None:
    review = await waiting(scene)
    await scene.propose(review, "quality", owner=WU.id)
    await scene.pass_time(days=8)
    assert await scene.told("improvement.due_soon") == [WU.id]
    await scene.pass_time(days=2)
    assert await scene.told("improvement.due") == [WU.id]
    await scene.pass_time(days=3)
    assert await scene.told("improvement.escalated") == ["*", LEAD.id, QIN.id, WU.id]


async def test_without_an_owner_the_department_is_asked(local: ReviewScene) -> None:
    review = await waiting(local)
    await local.propose(review, "quality")
    await local.pass_time(days=10)
    assert await local.told("improvement.due") == [QIN.id]


async def test_what_is_done_is_asked_for_no_more(local: ReviewScene) -> None:
    review = await waiting(local)
    item = await local.propose(review, "quality")
    for state in (ItemState.ACCEPTED, ItemState.DONE):
        await local.improvements.move(LEAD, item.id, state)
    await local.pass_time(days=20)
    assert await local.told("improvement.due") == []


async def test_a_closed_review_warns_nobody(local: ReviewScene) -> None:
    await local.department("quality")
    incident = await local.closed()
    await local.reviewed(incident.id, "quality")
    await local.pass_time(days=20)
    assert await local.told("review.due_soon") == []


async def test_closed_again_it_warns_by_its_new_time(local: ReviewScene) -> None:
    await local.account(LEAD)
    incident = await local.closed()
    await local.act(incident.id, Action.REOPEN)
    local.clock.step(days=60)
    await local.act(incident.id, Action.RESOLVE, Action.CLOSE)
    await local.pass_time(days=5)
    assert await local.told("review.due_soon") == []
    await local.pass_time(days=1)
    assert await local.told("review.due_soon") == [LEAD.id]
