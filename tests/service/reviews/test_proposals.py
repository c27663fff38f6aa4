"""Improvements: proposed, edited, accepted, done, verified, dropped."""

from __future__ import annotations

from typing import Any

import pytest

from service.auth import Role
from service.db import tables
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput
from service.reviews import ItemFilter, ItemKind, ItemSort, ItemState
from service.reviews.items import position
from service.reviews.model import Improvement
from tests.service.reviews.conftest import DAY, ReviewScene
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER, person

QIN = person("qin", Role.VIEWER)
"""Leads a department, and may nothing else."""
SECOND = person("second", Role.LEAD)


async def proposed(scene: ReviewScene, **changes: Any) -> Improvement:
    """The first one of `quality`, which QIN leads."""
    await scene.account(QIN)
    await scene.department("quality", QIN)
    incident = await scene.closed()
    review = await scene.review_of(incident.id)
    await scene.reviews.involve(LEAD, review.id, "quality")
    return await scene.propose(review.id, "quality", QIN, **changes)


async def test_from_the_proposal_to_its_proof(scene: ReviewScene) -> None:
    item = await proposed(scene, owner=QIN.id)
    assert (item.state, item.rank, item.proposed_by) == (ItemState.PROPOSED, 6.0, QIN.id)
    move = scene.improvements.move
    for state in (ItemState.ACCEPTED, ItemState.DOING, ItemState.DONE):
        item = await move(QIN, item.id, state)
    assert item.done_by == QIN.id
    assert await scene.pending("improvement.") == []
    item = await move(LEAD, item.id, ItemState.VERIFIED)
    assert (item.state, item.verified_by) == (ItemState.VERIFIED, LEAD.id)
    assert await move(LEAD, item.id, ItemState.VERIFIED) == item
    assert await scene.balance("quality") == 7
    changes = [
        row["data"]["change"]
        for row in await scene.rows(tables.outbox)
        if row["type"] == "improvement.updated"
    ]
    assert sorted(changes) == ["accepted", "doing", "done", "proposed", "verified"]
    deeds = [row["action"] for row in await scene.rows(tables.audit_entry)]
    assert "improvement.verified" in deeds


async def test_nobody_verifies_what_they_did(local: ReviewScene) -> None:
    item = await proposed(local)
    for state in (ItemState.ACCEPTED, ItemState.DONE):
        await local.improvements.move(LEAD, item.id, state)
    with pytest.raises(Forbidden, match="neither owns it nor did it"):
        await local.improvements.move(LEAD, item.id, ItemState.VERIFIED)
    with pytest.raises(Forbidden):
        await local.improvements.move(QIN, item.id, ItemState.VERIFIED)
    await local.improvements.move(SECOND, item.id, ItemState.VERIFIED)


async def test_who_works_may_do_and_not_decide(local: ReviewScene) -> None:
    item = await proposed(local)
    with pytest.raises(Forbidden):
        await local.improvements.move(RESPONDER, item.id, ItemState.ACCEPTED)
    with pytest.raises(Forbidden):
        await local.improvements.move(VIEWER, item.id, ItemState.ACCEPTED)
    await local.improvements.move(QIN, item.id, ItemState.ACCEPTED)
    doing = await local.improvements.move(RESPONDER, item.id, ItemState.DOING)
    back = await local.improvements.move(RESPONDER, item.id, ItemState.ACCEPTED)
    assert (doing.state, back.state) == (ItemState.DOING, ItemState.ACCEPTED)
    with pytest.raises(Forbidden):
        await local.improvements.move(RESPONDER, item.id, ItemState.DROPPED, reason="太贵")


async def test_the_owner_may_say_that_it_is_done(local: ReviewScene) -> None:
    await local.account(VIEWER)
    item = await proposed(local, owner=VIEWER.id)
    await local.improvements.move(LEAD, item.id, ItemState.ACCEPTED)
    assert (await local.improvements.move(VIEWER, item.id, ItemState.DONE)).done_by == VIEWER.id


async def test_not_done_after_all(local: ReviewScene) -> None:
    item = await proposed(local)
    for state in (ItemState.ACCEPTED, ItemState.DONE):
        await local.improvements.move(LEAD, item.id, state)
    with pytest.raises(InvalidInput):
        await local.improvements.move(RESPONDER, item.id, ItemState.DOING)
    item = await local.improvements.move(RESPONDER, item.id, ItemState.DOING, reason="又漏检")
    assert (item.done_at, item.done_by, item.reason) == (None, None, "又漏检")
    assert len(await local.pending("improvement.")) == 3


async def test_a_dropped_one_is_silent_and_may_come_back(local: ReviewScene) -> None:
    item = await proposed(local)
    item = await local.improvements.move(LEAD, item.id, ItemState.DROPPED, reason="太贵")
    assert await local.pending("improvement.") == []
    with pytest.raises(IllegalTransition):
        await local.improvements.edit(LEAD, item.id, local.draft())
    item = await local.improvements.move(LEAD, item.id, ItemState.PROPOSED, reason="有预算了")
    assert item.state is ItemState.PROPOSED


async def test_an_edit_moves_the_timers_with_the_date(scene: ReviewScene) -> None:
    item = await proposed(scene)
    scene.clock.step(days=1)
    later = scene.draft(impact=5, due_at=scene.clock.now() + 20 * DAY)
    edited = await scene.improvements.edit(LEAD, item.id, later, version=item.version)
    assert (edited.rank, edited.due_at, edited.timed_from) == (7.5, later.due_at, scene.clock.now())
    assert await scene.improvements.edit(LEAD, item.id, later) == edited
    timers = {row["kind"]: row["due_at"] for row in await scene.rows(tables.timer)}
    assert timers["improvement.due"] == later.due_at
    assert timers["improvement.due_soon"] == scene.clock.now() + 16 * DAY
    with pytest.raises(Conflict, match="since version 1: it is proposed"):
        await scene.improvements.edit(LEAD, item.id, later, version=1)


async def test_it_may_pass_to_another_department(local: ReviewScene) -> None:
    item = await proposed(local)
    await local.department("logistics")
    draft = local.draft(due_at=item.due_at)
    moved = await local.improvements.edit(LEAD, item.id, draft, department_id="logistics")
    assert moved.department_id == "logistics"
    with pytest.raises(InvalidInput):
        await local.improvements.edit(LEAD, item.id, draft, department_id="nobody")


async def test_an_owner_pushes_it_to_no_other_department(local: ReviewScene) -> None:
    await local.account(VIEWER)
    item = await proposed(local, owner=VIEWER.id)
    await local.department("logistics", VIEWER)
    await local.department("legal")
    draft = local.draft(due_at=item.due_at, owner=VIEWER.id)
    for someone in (VIEWER, QIN):
        with pytest.raises(Forbidden):
            await local.improvements.edit(someone, item.id, draft, department_id="legal")
    moved = await local.improvements.edit(VIEWER, item.id, draft, department_id="logistics")
    assert moved.department_id == "logistics"


async def test_an_overdue_one_can_be_edited_without_another_date(local: ReviewScene) -> None:
    item = await proposed(local)
    local.clock.step(days=11)
    draft = local.draft(title="批次抽检二十件", due_at=item.due_at)
    assert (await local.improvements.edit(LEAD, item.id, draft)).title == "批次抽检二十件"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"title": "\u200b\u2060"}, "title"),
        ({"title": "批次\n全检"}, "title"),
        ({"impact": 0}, "impact"),
        ({"effort": 6}, "effort"),
        ({"owner": "usr_ghost"}, "owner"),
        ({"days": 0}, "due_at"),
        ({"days": 2_000}, "due_at"),
    ],
)
async def test_mistakes_are_named(local: ReviewScene, changes: dict[str, Any], path: str) -> None:
    days = changes.pop("days", None)
    if days is not None:
        changes["due_at"] = local.clock.now() + days * DAY
    with pytest.raises(InvalidInput) as wrong:
        await proposed(local, **changes)
    assert path in [where for where, _ in wrong.value.errors]


async def test_a_proposal_is_of_an_enabled_department_that_is_involved(local: ReviewScene) -> None:
    item = await proposed(local)
    await local.department("legal")
    with pytest.raises(Conflict, match="not involved"):
        await local.propose(item.review_id, "legal")
    with pytest.raises(InvalidInput, match="no such department"):
        await local.propose(item.review_id, "nobody")
    with pytest.raises(Forbidden):
        await local.propose(item.review_id, "legal", QIN)


async def test_lists_are_filtered_sorted_and_paged(scene: ReviewScene) -> None:
    first = await proposed(scene, kind=ItemKind.COST)
    now = scene.clock.now()
    second = await scene.propose(first.review_id, "quality", impact=5, due_at=now + DAY)
    page = scene.improvements.page

    async def ids(wanted: ItemFilter, **how: Any) -> list[str]:
        return [item.id for item in await page(VIEWER, wanted, **how)]

    assert await ids(ItemFilter()) == [second.id, first.id]
    for sort in ItemSort:
        head = await page(VIEWER, ItemFilter(), sort=sort, limit=1)
        rest = await ids(ItemFilter(), sort=sort, after=position(head[0], sort))
        assert {head[0].id, *rest} == {first.id, second.id}
    assert (await ids(ItemFilter(), sort=ItemSort.RANK))[0] == second.id
    scene.clock.step(days=2)
    for wanted, found in (
        (ItemFilter(kinds=(ItemKind.COST,)), [first.id]),
        (ItemFilter(overdue=True), [second.id]),
        (ItemFilter(overdue=False), [first.id]),
        (ItemFilter(states=(ItemState.DONE,)), []),
        (ItemFilter(departments=("quality",), review_id=first.review_id), [second.id, first.id]),
        (ItemFilter(owners=("usr_x",)), []),
        (ItemFilter(monitors=("coffee",)), []),
        (ItemFilter(incident_id=first.incident_id), [second.id, first.id]),
    ):
        assert await ids(wanted) == found, wanted
    elsewhere = person("el", Role.LEAD, monitors=frozenset({"coffee"}))
    assert await page(elsewhere, ItemFilter()) == ()
    with pytest.raises(Forbidden):
        await scene.improvements.get(elsewhere, first.id)
