"""Departments: saved, disabled, deleted with and without an heir."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.auth import SYSTEM
from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.monitors import SaveChange
from service.reviews import DepartmentDraft, ItemFilter, ItemState
from tests.service.reviews.conftest import ReviewScene
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER

DRAFT = DepartmentDraft(id="quality", name="质量部")


async def test_a_lead_must_have_an_open_account(scene: ReviewScene) -> None:
    await scene.account(RESPONDER)
    await scene.account(VIEWER, disabled=True)
    saved = await scene.departments.put(LEAD, replace(DRAFT, lead=RESPONDER.id))
    assert saved.item.lead == RESPONDER.id
    by_name = await scene.departments.put(LEAD, replace(DRAFT, lead=RESPONDER.name))
    assert (by_name.change, by_name.item.lead) == (SaveChange.UNCHANGED, RESPONDER.id)
    for ghost in ("usr_ghost", VIEWER.id):
        with pytest.raises(InvalidInput):
            await scene.departments.put(LEAD, replace(DRAFT, lead=ghost))
    with pytest.raises(Forbidden):
        await scene.departments.put(RESPONDER, DRAFT)


async def test_one_that_nothing_waits_for_is_deleted(scene: ReviewScene) -> None:
    await scene.departments.put(LEAD, DRAFT)
    with pytest.raises(Conflict):
        await scene.departments.delete(LEAD, "quality", version=7)
    await scene.departments.delete(LEAD, "quality", version=1)
    assert await scene.departments.every() == ()


async def test_one_with_open_things_is_deleted_only_with_an_heir(scene: ReviewScene) -> None:
    for name in ("quality", "logistics"):
        await scene.department(name)
    incident = await scene.closed()
    review = (await scene.review_of(incident.id)).id
    await scene.reviews.involve(LEAD, review, "quality")
    item = await scene.propose(review, "quality")
    with pytest.raises(Conflict, match=f"still in improvement {item.id}, review {review}: name an"):
        await scene.departments.delete(LEAD, "quality")
    for heir in ("quality", "nobody"):
        with pytest.raises(InvalidInput):
            await scene.departments.delete(LEAD, "quality", heir=heir)

    await scene.departments.delete(LEAD, "quality", heir="logistics")
    file = await scene.reviews.file(VIEWER, review)
    assert [(place.department_id, place.is_awaited) for place in file.involved] == [
        ("logistics", False)
    ]
    assert [each.department_id for each in file.improvements] == ["logistics"]
    assert await scene.balance("quality") == 2
    deeds = {row["action"]: row["data"] for row in await scene.rows(tables.audit_entry)}
    assert deeds["department.handed_over"]["improvements"] == [item.id]


async def test_an_heir_that_was_involved_still_owes_its_own_proposal(local: ReviewScene) -> None:
    for name in ("quality", "logistics"):
        await local.department(name)
    incident = await local.closed()
    review = (await local.review_of(incident.id)).id
    for name in ("quality", "logistics"):
        await local.reviews.involve(LEAD, review, name)
    await local.propose(review, "quality")
    await local.departments.delete(LEAD, "quality", heir="logistics")
    file = await local.reviews.file(VIEWER, review)
    assert [place.is_awaited for place in file.involved] == [True]


async def test_what_is_settled_holds_nobody_back(local: ReviewScene) -> None:
    await local.department("quality")
    incident = await local.closed()
    review = await local.reviewed(incident.id, "quality")
    (item,) = await local.improvements.page(VIEWER, ItemFilter(review_id=review))
    await local.improvements.move(LEAD, item.id, ItemState.DROPPED, reason="并入别项")
    await local.departments.delete(LEAD, "quality")
    assert (await local.improvements.get(VIEWER, item.id)).department_id == "quality"


async def test_a_disabled_one_is_involved_in_nothing_new(local: ReviewScene) -> None:
    await local.departments.put(SYSTEM, replace(DRAFT, disabled=True))
    incident = await local.closed()
    review = (await local.review_of(incident.id)).id
    with pytest.raises(InvalidInput, match="disabled"):
        await local.reviews.involve(LEAD, review, "quality")
    with pytest.raises(NotFound):
        await local.departments.delete(LEAD, "nobody", heir="quality")
