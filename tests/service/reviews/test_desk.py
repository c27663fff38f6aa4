"""A review from the closing of its incident to its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from service.auth import Role
from service.cases.precedents import REVIEW_STEP
from service.db import tables
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from service.incidents import Action, Kind
from service.reviews import (
    EvidenceKind,
    EvidenceLink,
    Lack,
    ReviewFilter,
    ReviewSort,
    ReviewState,
    Why,
)
from service.reviews.rows import position
from tests.service.reviews.conftest import DAY, ReviewScene, form
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER, person

ELSEWHERE = person("el", Role.LEAD, monitors=frozenset({"coffee"}))


async def test_closing_an_incident_opens_its_review(scene: ReviewScene) -> None:
    incident = await scene.closed()
    review = await scene.review_of(incident.id)
    assert (review.state, review.owner) == (ReviewState.OPEN, LEAD.id)
    assert review.due_at == scene.clock.now() + 7 * DAY
    assert await scene.told("review.opened") == ["*"]


async def test_of_the_gravest_it_is_due_in_three_days(local: ReviewScene) -> None:
    incident = await local.closed(tier="red")
    review = await local.review_of(incident.id)
    assert review.due_at == local.clock.now() + timedelta(hours=72)


async def test_it_belongs_to_whoever_took_the_seat_of_its_role(local: ReviewScene) -> None:
    opened = await local.open()
    async with local.database.write() as connection:
        seat = {"role": "tech", "state": "accepted", "holder": RESPONDER.id}
        await connection.execute(
            insert(tables.seat).values(incident_id=opened.id, asked_at=local.clock.now(), **seat)
        )
    await local.act(opened.id, Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE)
    assert (await local.review_of(opened.id)).owner == RESPONDER.id


@pytest.mark.parametrize("changes", [{"drill": True}, {"kind": Kind.COVERAGE, "scenario": None}])
async def test_what_is_no_real_crisis_has_none(local: ReviewScene, changes: dict[str, Any]) -> None:
    await local.closed(**changes)
    assert await local.rows(tables.cause_review) == []


async def test_a_finished_review_is_closed_with_its_step(scene: ReviewScene) -> None:
    await scene.department("quality")
    incident = await scene.closed()
    review = await scene.reviewed(incident.id, "quality")
    file = await scene.reviews.file(VIEWER, review)
    assert (file.review.state, file.review.closed_by) == (ReviewState.CLOSED, LEAD.id)
    assert [item.title for item in file.improvements] == ["批次全检"]
    run = await scene.responding.response_desk.file(VIEWER, incident.id)
    step = next(step for step in run.stored.run.steps if step.id == REVIEW_STEP)
    assert (step.state.value, step.note) == ("done", f"{review}: 抽检只看首件")
    assert await scene.told("review.closed") == ["*"]
    assert await scene.pending("review.") == []


async def test_it_is_not_closed_while_something_is_missing(local: ReviewScene) -> None:
    await local.department("quality")
    incident = await local.closed()
    review = (await local.review_of(incident.id)).id
    with pytest.raises(Conflict) as bare:
        await local.reviews.close(LEAD, review)
    assert [path for path, _ in bare.value.errors] == [
        Lack.TOO_FEW_WHYS,
        Lack.ROOT_CAUSE,
        Lack.CAUSE_CLASS,
        Lack.DEPARTMENTS,
    ]
    await local.reviews.save(LEAD, review, form())
    await local.reviews.involve(LEAD, review, "quality")
    with pytest.raises(Conflict, match="quality: file a proposal"):
        await local.reviews.close(LEAD, review)
    await local.reviews.excuse(LEAD, review, "quality", reason="只是转达")
    await local.reviews.close(LEAD, review)


async def test_the_step_is_not_called_done_beside_an_open_review(local: ReviewScene) -> None:
    incident = await local.closed()
    response = local.responding.response_desk
    await local.department("quality")
    with pytest.raises(Conflict, match="close it, and this step is done"):
        await response.do(LEAD, incident.id, REVIEW_STEP)
    await response.skip(LEAD, incident.id, REVIEW_STEP, reason="并入上月复盘")
    await local.reviewed(incident.id, "quality")


async def test_without_departments_the_step_is_done_by_hand(local: ReviewScene) -> None:
    incident = await local.closed()
    await local.responding.response_desk.do(LEAD, incident.id, REVIEW_STEP, note="改抽检")
    await local.pass_time(days=20)
    assert await local.told("review.due") == []


async def test_links_of_the_form_must_lead_somewhere(local: ReviewScene) -> None:
    incident = await local.closed()
    review = (await local.review_of(incident.id)).id
    good = (
        EvidenceLink(kind=EvidenceKind.POST, ref="post1"),
        EvidenceLink(kind=EvidenceKind.STEP, ref=REVIEW_STEP),
        EvidenceLink(kind=EvidenceKind.URL, ref="https://wiki.example/1"),
    )
    why = Why(question="为什么？", answer="因为", evidence=good)
    saved = await local.reviews.save(LEAD, review, form(whys=(why,)))
    assert saved.review.form.whys == (why,)
    bad = (
        EvidenceLink(kind=EvidenceKind.POST, ref="post9"),
        EvidenceLink(kind=EvidenceKind.STEP, ref="nothing"),
    )
    with pytest.raises(InvalidInput) as wrong:
        await local.reviews.save(
            LEAD, review, form(whys=(Why(question="q", answer="a", evidence=bad),))
        )
    assert [path for path, _ in wrong.value.errors] == ["whys.0.evidence.0", "whys.0.evidence.1"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"cause_class": "fate"}, "cause_class"),
        ({"root_cause": "长" * 4_001}, "root_cause"),
        ({"whys": (Why(question=" ", answer="a"),)}, "whys.0.question"),
        ({"whys": (Why(question="q", answer="\u200b"),)}, "whys.0.answer"),
        ({"whys": (Why(question="q", answer="a"),) * 11}, "whys"),
        (
            {
                "whys": (
                    Why(
                        question="q",
                        answer="a",
                        evidence=(EvidenceLink(kind=EvidenceKind.URL, ref="javascript:x"),),
                    ),
                )
            },
            "whys.0.evidence.0",
        ),
        (
            {
                "whys": (
                    Why(
                        question="q",
                        answer="a",
                        evidence=(EvidenceLink(kind=EvidenceKind.POST, ref="post1"),) * 21,
                    ),
                )
            },
            "whys.0.evidence",
        ),
    ],
)
async def test_mistakes_in_the_form_are_named(
    local: ReviewScene, changes: dict[str, Any], path: str
) -> None:
    incident = await local.closed()
    review = (await local.review_of(incident.id)).id
    with pytest.raises(InvalidInput) as wrong:
        await local.reviews.save(LEAD, review, form(**changes))
    assert path in [where for where, _ in wrong.value.errors]


async def test_reopened_it_waits_and_is_due_anew(scene: ReviewScene) -> None:
    await scene.department("quality")
    incident = await scene.closed()
    review = await scene.review_of(incident.id)
    await scene.act(incident.id, Action.REOPEN)
    assert await scene.pending("review.") == []
    await scene.reviews.save(LEAD, review.id, form())
    await scene.reviews.involve(LEAD, review.id, "quality")
    await scene.propose(review.id, "quality")
    with pytest.raises(Conflict, match="close it first"):
        await scene.reviews.close(LEAD, review.id)
    scene.clock.step(days=2)
    await scene.act(incident.id, Action.RESOLVE, Action.CLOSE)
    again = await scene.review_of(incident.id)
    assert (again.id, again.form) == (review.id, form())
    assert again.due_at > review.due_at
    assert await scene.pending("review.") == ["review.due", "review.due_soon", "review.escalated"]


async def test_a_closed_review_stays_closed(local: ReviewScene) -> None:
    await local.department("quality")
    incident = await local.closed()
    review = await local.reviewed(incident.id, "quality")
    await local.act(incident.id, Action.REOPEN, Action.RESOLVE, Action.CLOSE)
    assert (await local.review_of(incident.id)).state is ReviewState.CLOSED
    with pytest.raises(IllegalTransition):
        await local.reviews.save(LEAD, review, form())


async def test_a_false_alarm_withdraws_it(local: ReviewScene) -> None:
    await local.department("quality")
    incident = await local.closed()
    await local.act(incident.id, Action.REOPEN, Action.MARK_FALSE_POSITIVE)
    review = await local.review_of(incident.id)
    assert review.state is ReviewState.WITHDRAWN
    with pytest.raises(IllegalTransition):
        await local.propose(review.id, "quality")


async def test_an_older_version_is_refused_with_what_it_is_now(scene: ReviewScene) -> None:
    incident = await scene.closed()
    review = await scene.review_of(incident.id)
    await scene.reviews.save(LEAD, review.id, form(), version=review.version)
    with pytest.raises(Conflict, match="since version 1: it is open, owner usr_lin"):
        await scene.reviews.save(RESPONDER, review.id, form(), version=review.version)


async def test_who_may_what(local: ReviewScene) -> None:
    await local.department("quality")
    incident = await local.closed()
    review = (await local.review_of(incident.id)).id
    for deed in (
        local.reviews.save(VIEWER, review, form()),
        local.reviews.close(RESPONDER, review),
        local.reviews.excuse(RESPONDER, review, "quality", reason="r"),
        local.reviews.file(ELSEWHERE, review),
        local.reviews.save(ELSEWHERE, review, form()),
    ):
        with pytest.raises(Forbidden):
            await deed
    assert await local.reviews.page(ELSEWHERE, ReviewFilter()) == ()
    with pytest.raises(NotFound):
        await local.reviews.file(VIEWER, "cau_none")


async def test_the_owner_needs_an_account(local: ReviewScene) -> None:
    incident = await local.closed()
    review = (await local.review_of(incident.id)).id
    await local.account(RESPONDER)
    file = await local.reviews.assign(LEAD, review, RESPONDER.id)
    assert file.review.owner == RESPONDER.id
    with pytest.raises(InvalidInput):
        await local.reviews.assign(LEAD, review, "usr_ghost")


async def test_departments_come_and_go_until_they_file(local: ReviewScene) -> None:
    for name in ("quality", "legal"):
        await local.department(name)
    incident = await local.closed()
    review = (await local.review_of(incident.id)).id
    for name in ("quality", "legal", "legal"):
        file = await local.reviews.involve(LEAD, review, name)
    assert [item.department_id for item in file.involved] == ["legal", "quality"]
    file = await local.reviews.release(LEAD, review, "legal")
    assert [item.department_id for item in file.involved] == ["quality"]
    await local.propose(review, "quality")
    with pytest.raises(Conflict, match="has filed"):
        await local.reviews.release(LEAD, review, "quality")
    with pytest.raises(Conflict, match="has filed"):
        await local.reviews.excuse(LEAD, review, "quality", reason="r")
    with pytest.raises(InvalidInput):
        await local.reviews.excuse(LEAD, review, "legal", reason="r")
    with pytest.raises(InvalidInput):
        await local.reviews.excuse(LEAD, review, "quality", reason=" ")
    with pytest.raises(InvalidInput):
        await local.reviews.involve(LEAD, review, "nobody")


async def test_lists_are_filtered_and_paged(scene: ReviewScene) -> None:
    await scene.department("quality")
    first = await scene.closed()
    second = await scene.closed(scenario="outage", tier="red")
    await scene.reviewed(first.id, "quality")
    by_due = await scene.reviews.page(VIEWER, ReviewFilter())
    assert [item.incident_id for item, _ in by_due] == [second.id, first.id]
    assert [len(places) for _, places in by_due] == [0, 1]
    newest = ReviewSort.NEWEST
    page = await scene.reviews.page(VIEWER, ReviewFilter(), sort=newest, limit=1)

    after = position(page[0][0], newest)
    rest = await scene.reviews.page(VIEWER, ReviewFilter(), sort=newest, after=after)
    assert [item.incident_id for item, _ in (*page, *rest)] == [second.id, first.id]
    scene.clock.step(days=4)
    for wanted, ids in (
        (ReviewFilter(states=(ReviewState.OPEN,)), [second.id]),
        (ReviewFilter(incident_id=first.id), [first.id]),
        (ReviewFilter(department_id="quality"), [first.id]),
        (ReviewFilter(causes=("inspection",), scenarios=("product_quality",)), [first.id]),
        (ReviewFilter(overdue=True), [second.id]),
        (ReviewFilter(overdue=False, owners=(LEAD.id,), monitors=("tea",)), [first.id]),
    ):
        found = await scene.reviews.page(VIEWER, wanted)
        assert [item.incident_id for item, _ in found] == ids, wanted
