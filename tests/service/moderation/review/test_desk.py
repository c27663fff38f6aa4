"""What reviewers do, and what follows from it in one transaction."""

from __future__ import annotations

import asyncio

import pytest

from service.auth import Principal
from service.db import tables
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from service.moderation.review import Line, Ruling, State, VerdictDraft
from service.moderation.review.model import ItemFilter, Origin, Sort
from service.moderation.review.repository import position
from service.timers import TimerState
from tests.support.clock import START
from tests.support.review_scene import (
    ANNA,
    BLOCK,
    BO,
    BOTH,
    EVE,
    GATEWAY,
    LAW,
    LEAD,
    PASS,
    VIEWER,
    ReviewScene,
    case,
)


async def test_a_claim_is_written_with_its_end(scene: ReviewScene) -> None:
    item = await scene.filed()
    claimed = await scene.desk.claim(ANNA, item.id)
    assert (claimed.state, claimed.holder) == (State.CLAIMED, ANNA.id)
    assert claimed.lease_until is not None
    assert (claimed.lease_until - START).total_seconds() == 15 * 60
    assert await scene.kinds(item.id) == ["filed", "claimed"]


async def test_a_claim_is_renewed_released_and_taken_by_another(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.desk.claim(ANNA, item.id)
    scene.clock.step(minutes=10)
    await scene.desk.claim(ANNA, item.id)
    with pytest.raises(Conflict, match="usr_anna has it"):
        await scene.desk.claim(BO, item.id)
    released = await scene.desk.release(ANNA, item.id)
    assert released.state is State.PENDING
    assert (await scene.desk.claim(BO, item.id)).holder == BO.id
    kinds = await scene.kinds(item.id)
    assert kinds == ["filed", "claimed", "renewed", "released", "claimed"]


async def test_a_claim_that_ran_out_reads_as_pending(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.desk.claim(ANNA, item.id)
    scene.clock.step(minutes=15)
    assert (await scene.item(item.id)).state is State.PENDING
    (listed,) = await scene.desk.page(ANNA, ItemFilter(states=(State.PENDING,)))
    assert (listed.id, listed.holder) == (item.id, None)
    assert await scene.desk.page(ANNA, ItemFilter(states=(State.CLAIMED,))) == ()


async def test_two_who_claim_at_once_do_not_both_have_it(scene: ReviewScene) -> None:
    item = await scene.filed()
    done = await asyncio.gather(
        scene.desk.claim(ANNA, item.id), scene.desk.claim(BO, item.id), return_exceptions=True
    )
    assert sorted(isinstance(answer, Conflict) for answer in done) == [False, True]


async def test_a_verdict_is_kept_with_reason_and_rubric(scene: ReviewScene) -> None:
    item = await scene.filed()
    draft = VerdictDraft(
        ruling=Ruling.BLOCK, reason="fraud", labels=("diversion",), note="收款码是截图里的"
    )
    decided = await scene.decide(item, ANNA, draft)
    assert (decided.state, decided.ruling, decided.decided_at) == (
        State.DECIDED,
        Ruling.BLOCK,
        START,
    )
    (verdict,) = (await scene.desk.file(BO, item.id)).verdicts
    assert verdict.labels == ("fraud", "diversion")
    assert (verdict.reviewer, verdict.rubric_version) == (ANNA.id, scene.rubric.name)
    assert verdict.note == "收款码是截图里的"


async def test_a_verdict_tells_the_outside_audits_and_stops_the_clocks(scene: ReviewScene) -> None:
    item = await scene.filed(case(hold_id="hold_1", held=True, author="au_1"))
    await scene.decide(item, ANNA, BLOCK)
    (told,) = await scene.outbox()
    assert (told["review"], told["id"], told["caller"]) == (item.id, "42", GATEWAY.id)
    assert (told["verdict"], told["line"], told["appealable"]) == ("block", "second", True)
    assert told["labels"] == [{"label": "fraud", "score": 1.0, "source": "human"}]
    assert "加微信" not in str(told)
    assert scene.heard.holds == [("hold_1", Ruling.BLOCK)]
    assert scene.heard.authors == [("au_1", Ruling.BLOCK, False)]
    actions = [row.action for row in await scene.rows(tables.audit_entry, tables.audit_entry.c.id)]
    assert actions == ["review.filed", "review.claimed", "review.decided"]
    states = {row.state for row in await scene.rows(tables.timer)}
    assert states == {TimerState.CANCELLED}


async def test_a_verdict_that_fails_half_way_leaves_nothing(scene: ReviewScene) -> None:
    item = await scene.filed(case(hold_id="hold_1", held=True))
    await scene.desk.claim(ANNA, item.id)
    scene.heard.broken = True
    with pytest.raises(RuntimeError):
        await scene.desk.decide(ANNA, item.id, BLOCK)
    assert (await scene.item(item.id)).state is State.CLAIMED
    assert await scene.outbox() == []
    assert await scene.rows(tables.review_verdict) == []
    assert await scene.kinds(item.id) == ["filed", "claimed"]


async def test_copies_under_one_hold_are_decided_together(scene: ReviewScene) -> None:
    first = case("保本保息 年化 12%", hold_id="hold_1", held=True)
    item = await scene.filed(
        first,
        case("保本保息！年化 12%", item_id="43", hold_id="hold_1", held=True, author="au_2"),
        case("保本保息 年化 12%", item_id="44", caller="key_other", hold_id="hold_1", held=True),
        case("别的", item_id="45"),
    )
    await scene.decide(item, ANNA, BLOCK)
    assert {told["id"] for told in await scene.outbox()} == {"42", "43", "44"}
    assert scene.heard.holds == [("hold_1", Ruling.BLOCK)]
    assert scene.heard.authors == [("au_2", Ruling.BLOCK, False)]
    (left,) = await scene.desk.page(BO, ItemFilter(states=(State.PENDING,)))
    assert left.caller_item == "45"


async def test_a_pass_is_for_the_very_same_words(local: ReviewScene) -> None:
    item = await local.filed(
        case("保本保息是骗人的", hold_id="hold_1", held=True),
        case("保本保息是骗人的", item_id="43", hold_id="hold_1", held=True),
        case("保本保息是骗人的，加我", item_id="44", hold_id="hold_1", held=True),
    )
    await local.decide(item, ANNA, PASS)
    assert {told["id"] for told in await local.outbox()} == {"42", "43"}
    (left,) = await local.desk.page(BO, ItemFilter(states=(State.PENDING,)))
    assert left.caller_item == "44"


async def test_a_copy_with_an_appeal_keeps_its_own_reader(local: ReviewScene) -> None:
    appealed = case(item_id="41", hold_id="hold_1")
    item = await local.filed(appealed)
    await local.decide(item, ANNA, BLOCK)
    await local.appeals.against_verdict(GATEWAY, item.id, words="我只是在提醒大家")
    copy = await local.filed(case(item_id="49", hold_id="hold_1"))
    await local.decide(copy, BO, PASS)
    assert (await local.item(item.id)).state is State.PENDING


async def test_the_second_verdict_of_a_line_is_refused(local: ReviewScene) -> None:
    item = await local.filed()
    await local.decide(item, ANNA, BLOCK)
    with pytest.raises(IllegalTransition, match="decided"):
        await local.desk.claim(BO, item.id)
    with pytest.raises(IllegalTransition, match="decided"):
        await local.desk.decide(ANNA, item.id, PASS)


async def test_escalating_starts_the_clock_of_the_panel(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.desk.claim(ANNA, item.id)
    scene.clock.step(minutes=5)
    raised = await scene.desk.escalate(ANNA, item.id, reason="两种读法")
    assert (raised.line, raised.state, raised.holder) == (Line.THIRD, State.PENDING, None)
    assert (raised.due_at - scene.clock.now()).total_seconds() == 24 * 3600
    with pytest.raises(Forbidden, match="panel_review"):
        await scene.desk.claim(BO, item.id)
    decided = await scene.decide(item, EVE, PASS)
    assert decided.ruling is Ruling.PASS


async def test_whoever_ruled_below_does_not_rule_above(local: ReviewScene) -> None:
    item = await local.filed()
    await local.decide(item, BOTH, BLOCK)
    await local.appeals.against_verdict(GATEWAY, item.id, words="冤枉")
    with pytest.raises(Forbidden, match="second line"):
        await local.desk.claim(BOTH, item.id)


async def test_an_advertisement_is_for_lawyers_alone(scene: ReviewScene) -> None:
    item = await scene.filed(case(kind="advertisement", hold_id="hold_ad"))
    assert item.line is Line.LEGAL
    for who in (ANNA, EVE):
        with pytest.raises(Forbidden, match="legal_review"):
            await scene.desk.claim(who, item.id)
    draft = VerdictDraft(ruling=Ruling.PASS, reason="ad_compliant")
    assert (await scene.decide(item, LAW, draft)).ruling is Ruling.PASS
    assert scene.heard.holds == [("hold_ad", Ruling.PASS)]


async def test_lawyers_do_not_decide_posts(local: ReviewScene) -> None:
    item = await local.filed()
    with pytest.raises(Forbidden):
        await local.desk.claim(LAW, item.id)


@pytest.mark.parametrize(
    ("draft", "path"),
    [
        (VerdictDraft(ruling=Ruling.BLOCK, reason="misread"), "reason"),
        (VerdictDraft(ruling=Ruling.BLOCK, reason="nonsense"), "reason"),
        (VerdictDraft(ruling=Ruling.PASS, reason="ad_compliant"), "reason"),
        (VerdictDraft(ruling=Ruling.BLOCK, reason="fraud", labels=("nonsense",)), "labels"),
        (VerdictDraft(ruling=Ruling.BLOCK, reason="fraud", note="长" * 5001), "note"),
    ],
)
async def test_a_verdict_that_cannot_be_meant(
    local: ReviewScene, draft: VerdictDraft, path: str
) -> None:
    item = await local.filed()
    await local.desk.claim(ANNA, item.id)
    with pytest.raises(InvalidInput) as caught:
        await local.desk.decide(ANNA, item.id, draft)
    assert caught.value.errors[0][0] == path


async def test_an_old_rubric_is_refused(local: ReviewScene) -> None:
    item = await local.filed()
    await local.desk.claim(ANNA, item.id)
    old = VerdictDraft(ruling=Ruling.BLOCK, reason="fraud", rubric_version="0@00000000")
    with pytest.raises(Conflict, match="the rubric is"):
        await local.desk.decide(ANNA, item.id, old)


async def test_an_edit_of_an_older_version_says_what_changed(local: ReviewScene) -> None:
    item = await local.filed()
    await local.desk.claim(ANNA, item.id)
    with pytest.raises(Conflict, match="claimed by usr_anna on the second line, version 2"):
        await local.desk.claim(BO, item.id, version=1)


@pytest.mark.parametrize("who", [VIEWER, LEAD])
async def test_who_does_not_work_here_takes_nothing(local: ReviewScene, who: Principal) -> None:
    item = await local.filed()
    with pytest.raises(Forbidden):
        await local.desk.claim(who, item.id)


async def test_who_may_not_read_sees_nothing(local: ReviewScene) -> None:
    item = await local.filed()
    with pytest.raises(Forbidden):
        await local.desk.page(VIEWER, ItemFilter())
    with pytest.raises(Forbidden):
        await local.desk.file(VIEWER, item.id)


async def test_an_item_that_is_not_there(local: ReviewScene) -> None:
    with pytest.raises(NotFound, match="rev_none"):
        await local.desk.file(ANNA, "rev_none")


@pytest.mark.parametrize("sort", Sort)
async def test_pages_follow_each_other_in_order(scene: ReviewScene, sort: Sort) -> None:
    for number, risk in enumerate(["low", "high", "none", "medium", "high"]):
        await scene.filed(case(item_id=str(number), risk_level=risk))
        scene.clock.step(minutes=1)
    seen: list[str | None] = []
    after = None
    while page := await scene.desk.page(ANNA, ItemFilter(), sort=sort, after=after, limit=2):
        seen += [item.caller_item for item in page]
        after = position(page[-1], sort=sort)
    expected = ["0", "1", "2", "3", "4"] if sort is Sort.DUE else ["1", "4", "3", "0", "2"]
    assert seen == expected


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ItemFilter(), {"1", "2"}),
        (ItemFilter(lines=(Line.LEGAL,)), {"2"}),
        (ItemFilter(labels=("fraud",)), set()),
        (ItemFilter(labels=("diversion",), lines=(Line.SECOND,)), {"1"}),
        (ItemFilter(origins=(Origin.PATROL,)), set()),
        (ItemFilter(states=(State.PENDING, State.DECIDED)), {"1", "2"}),
    ],
)
async def test_filters(local: ReviewScene, wanted: ItemFilter, found: set[str]) -> None:
    await local.filed(case(item_id="1"))
    await local.filed(case(item_id="2", kind="advertisement"))
    assert {item.caller_item for item in await local.desk.page(ANNA, wanted)} == found
