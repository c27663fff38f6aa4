"""What people do around an incident, with every trace that it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from service.cases import HandOverState, LinkKind, Topic
from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.incidents import Action, Kind, State
from tests.service.cases.conftest import FA, LIN, RUI, WEI, CaseScene

ASSIGNED = "incident.assigned"


async def test_what_nobody_has_is_given_at_once(scene: CaseScene) -> None:
    await scene.people(LIN, RUI)
    opened = await scene.crisis()
    given = await scene.cases.assign(LIN, opened.id, RUI.id, note="你熟悉门店")
    assert given.assignee == RUI.id
    assert given.version == opened.version + 1
    assert "assigned" in await scene.kinds(opened.id)
    assert await scene.heard("rui", ASSIGNED) == 1
    assert await scene.heard("lin", ASSIGNED) == 0


async def test_an_owner_keeps_it_until_the_next_one_accepts(scene: CaseScene) -> None:
    await scene.people(LIN, RUI, FA)
    opened = await scene.crisis()
    await scene.cases.assign(RUI, opened.id, RUI.id)
    offered = await scene.cases.assign(RUI, opened.id, FA.id, note="我下班了")
    assert offered.assignee == RUI.id
    assert await scene.heard("fa", ASSIGNED) == 1
    (_, offer) = (await scene.cases.casework(FA, opened.id)).hand_overs
    assert (offer.state, offer.note) == (HandOverState.OFFERED, "我下班了")
    taken = await scene.cases.answer(FA, opened.id, offer.id, accept=True)
    assert taken.assignee == FA.id
    assert await scene.heard("rui", ASSIGNED) == 1
    assert "handover_accepted" in await scene.kinds(opened.id)


async def test_declined_it_stays(local: CaseScene) -> None:
    await local.people(LIN, RUI, FA)
    opened = await local.crisis()
    await local.cases.assign(RUI, opened.id, RUI.id)
    await local.cases.assign(RUI, opened.id, FA.id)
    (_, offer) = (await local.cases.casework(FA, opened.id)).hand_overs
    kept = await local.cases.answer(FA, opened.id, offer.id, accept=False, note="在外地")
    assert kept.assignee == RUI.id
    (_, offer) = (await local.cases.casework(FA, opened.id)).hand_overs
    assert (offer.state, offer.answer) == (HandOverState.DECLINED, "在外地")


async def test_a_newer_offer_takes_the_place_of_the_older(scene: CaseScene) -> None:
    await scene.people(LIN, RUI, FA)
    opened = await scene.crisis()
    await scene.cases.assign(RUI, opened.id, RUI.id)
    await scene.cases.assign(RUI, opened.id, FA.id)
    await scene.cases.assign(RUI, opened.id, LIN.id)
    states = [item.state for item in (await scene.cases.casework(FA, opened.id)).hand_overs]
    assert states == [HandOverState.ACCEPTED, HandOverState.WITHDRAWN, HandOverState.OFFERED]


async def test_naming_the_owner_again_changes_nothing(local: CaseScene) -> None:
    await local.people(RUI)
    opened = await local.crisis()
    first = await local.cases.assign(RUI, opened.id, RUI.id)
    assert await local.cases.assign(RUI, opened.id, RUI.id) == first


async def test_who_may_not_work_it_is_not_named(local: CaseScene) -> None:
    await local.people(WEI)
    opened = await local.crisis()
    with pytest.raises(InvalidInput, match="wei may not work"):
        await local.cases.assign(LIN, opened.id, WEI.id)
    with pytest.raises(InvalidInput, match="no user usr_none"):
        await local.cases.assign(LIN, opened.id, "usr_none")
    with pytest.raises(Forbidden):
        await local.cases.assign(WEI, opened.id, WEI.id)


async def test_a_closed_account_is_not_named(local: CaseScene) -> None:
    await local.people(RUI)
    async with local.database.write() as connection:
        await connection.execute(update(tables.user).values(disabled=True))
    opened = await local.crisis()
    with pytest.raises(InvalidInput, match="rui may not work"):
        await local.cases.assign(LIN, opened.id, RUI.id)


async def test_what_is_over_is_not_passed_on(local: CaseScene) -> None:
    opened = await local.crisis()
    await local.desk.act(LIN, opened.id, Action.MARK_FALSE_POSITIVE, reason="an advertisement")
    with pytest.raises(Conflict, match="is false_positive"):
        await local.cases.assign(RUI, opened.id, RUI.id)


async def test_the_slower_of_two_hears_what_the_faster_did(scene: CaseScene) -> None:
    opened = await scene.crisis()
    await scene.cases.assign(RUI, opened.id, RUI.id, version=opened.version)
    with pytest.raises(Conflict, match=r"has changed since version \d+: .* assigned by usr_rui at"):
        await scene.cases.assign(FA, opened.id, FA.id, version=opened.version)


async def test_a_note_has_its_limits(local: CaseScene) -> None:
    opened = await local.crisis()
    with pytest.raises(InvalidInput, match="at most 2000"):
        await local.cases.assign(RUI, opened.id, RUI.id, note="x" * 2_001)


async def test_watching_tells_of_what_was_chosen_once(scene: CaseScene) -> None:
    await scene.people(LIN, WEI)
    opened = await scene.crisis()
    await scene.cases.watch(WEI, opened.id, [Topic.TIER])
    await scene.desk.comment(LIN, opened.id, "门店已停售")
    await scene.desk.set_tier(LIN, opened.id, "red", reason="on the news")
    assert await scene.heard("wei", "incident.watched") == 1
    assert await scene.heard("wei", "incident.watched") == 1
    assert await scene.heard("lin", "incident.watched") == 0


async def test_watchers_are_not_told_of_the_past(scene: CaseScene) -> None:
    await scene.people(LIN, WEI)
    opened = await scene.crisis()
    await scene.desk.comment(LIN, opened.id, "之前的")
    scene.clock.advance_to(scene.clock.now() + timedelta(minutes=1))
    await scene.cases.watch(WEI, opened.id, list(Topic))
    assert await scene.heard("wei", "incident.watched") == 0
    scene.clock.advance_to(scene.clock.now() + timedelta(minutes=1))
    await scene.desk.comment(LIN, opened.id, "之后的")
    assert await scene.heard("wei", "incident.watched") == 1


async def test_watching_again_changes_the_topics(local: CaseScene) -> None:
    opened = await local.crisis()
    await local.cases.watch(WEI, opened.id, [Topic.TIER])
    again = await local.cases.watch(WEI, opened.id, [Topic.COMMENTS, Topic.STATE])
    assert again.topics == (Topic.COMMENTS, Topic.STATE)
    assert len((await local.cases.casework(WEI, opened.id)).watchers) == 1


async def test_who_unwatches_hears_no_more(local: CaseScene) -> None:
    await local.people(LIN, WEI)
    opened = await local.crisis()
    await local.cases.watch(WEI, opened.id, [Topic.COMMENTS])
    await local.cases.unwatch(WEI, opened.id)
    await local.desk.comment(LIN, opened.id, "x")
    assert await local.heard("wei", "incident.watched") == 0


async def test_watching_nothing_is_no_watching(local: CaseScene) -> None:
    opened = await local.crisis()
    with pytest.raises(InvalidInput, match="what you want to hear of"):
        await local.cases.watch(WEI, opened.id, [])


async def test_a_watcher_without_a_channel_is_passed_over(local: CaseScene) -> None:
    opened = await local.crisis()
    await local.cases.watch(WEI, opened.id, [Topic.COMMENTS])
    await local.desk.comment(LIN, opened.id, "x")
    assert await local.watching.run(local.clock.now()) == 0
    assert await local.watching.next_at() is None


async def test_a_link_stands_on_both_files(scene: CaseScene) -> None:
    one, other = await scene.crisis(), await scene.open(monitor_id="milk")
    await scene.cases.link(RUI, one.id, other.id, LinkKind.CAUSED_BY, note="同一批原料")
    await scene.cases.link(RUI, one.id, other.id, LinkKind.CAUSED_BY)
    (here,) = (await scene.cases.casework(WEI, one.id)).links
    (there,) = (await scene.cases.casework(WEI, other.id)).links
    assert here == there
    assert here.seen_from(other.id) == ("cause_of", one.id)
    assert (await scene.kinds(one.id)).count("linked") == 1
    assert (await scene.kinds(other.id)).count("linked") == 1


async def test_a_link_is_taken_back_from_either_end(scene: CaseScene) -> None:
    one, other = await scene.crisis(), await scene.open(monitor_id="milk")
    await scene.cases.link(RUI, one.id, other.id, LinkKind.RECURRENCE_OF)
    await scene.cases.unlink(RUI, other.id, one.id, LinkKind.RECURRENCE_OF)
    assert (await scene.cases.casework(WEI, one.id)).links == ()
    with pytest.raises(NotFound, match="is not recurrence_of"):
        await scene.cases.unlink(RUI, other.id, one.id, LinkKind.RECURRENCE_OF)


async def test_a_private_incident_is_not_named_on_a_public_one(local: CaseScene) -> None:
    one = await local.crisis()
    other = await local.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="per_1")
    with pytest.raises(InvalidInput, match="linked to private ones only"):
        await local.cases.link(LIN, one.id, other.id, LinkKind.RELATED)


async def test_some_posts_become_an_incident_with_its_own_run(scene: CaseScene) -> None:
    opened = await scene.crisis()
    made = await scene.cases.split(
        RUI, opened.id, ["post1", "post3"], reason="另一家门店", title="城东店"
    )
    assert (made.title, made.posts, made.state) == ("城东店", 2, State.NEW)
    assert (made.scenario, made.tier) == (opened.scenario, opened.tier)
    file = await scene.desk.file(RUI, made.id)
    old = await scene.desk.file(RUI, opened.id)
    frozen = {item.post_id: item for item in old.evidence}
    assert [item.post_id for item in file.evidence] == ["post1", "post3"]
    assert all(item == frozen[item.post_id] for item in file.evidence)
    assert len(old.evidence) == 4
    runs = await scene.rows(tables.run)
    assert {row["incident_id"] for row in runs} == {opened.id, made.id}
    (link,) = (await scene.cases.casework(RUI, opened.id)).links
    assert link.seen_from(opened.id) == ("split_into", made.id)
    assert "split" in await scene.kinds(opened.id)
    assert "split_from" in await scene.kinds(made.id)


async def test_the_old_one_still_takes_posts_and_the_new_one_does_not(local: CaseScene) -> None:
    opened = await local.crisis()
    made = await local.cases.split(RUI, opened.id, ["post1"], reason="另一家门店")
    assert not made.is_taking
    assert (await local.desk.file(RUI, opened.id)).incident.is_taking


@pytest.mark.parametrize(
    ("posts", "problem"),
    [
        (["post9"], "no evidence of incident .*post9"),
        ([], "some of the evidence"),
        (["post1", "post2", "post3", "post4"], "some of the evidence"),
    ],
)
async def test_a_split_takes_some_of_the_evidence(
    local: CaseScene, posts: list[str], problem: str
) -> None:
    opened = await local.crisis()
    with pytest.raises(InvalidInput, match=problem):
        await local.cases.split(RUI, opened.id, posts, reason="另一家门店")


async def test_a_split_says_why(local: CaseScene) -> None:
    opened = await local.crisis()
    with pytest.raises(InvalidInput, match="takes a reason"):
        await local.cases.split(RUI, opened.id, ["post1"], reason=" ")


async def test_only_a_crisis_is_split(local: CaseScene) -> None:
    opened = await local.open(kind=Kind.BACKLOG, scenario=None, subject="review")
    with pytest.raises(InvalidInput, match="one subject"):
        await local.cases.split(RUI, opened.id, ["post1"], reason="x")


async def test_a_split_stays_known(local: CaseScene) -> None:
    opened = await local.crisis()
    made = await local.cases.split(RUI, opened.id, ["post1"], reason="另一家门店")
    with pytest.raises(InvalidInput, match="stays known"):
        await local.cases.unlink(RUI, made.id, opened.id, LinkKind.SPLIT_FROM)


async def test_reopened_it_is_held_by_whoever_did_and_has_new_deadlines(scene: CaseScene) -> None:
    opened = await scene.crisis()
    for action in (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE):
        await scene.desk.act(LIN, opened.id, action)
    scene.clock.advance_to(scene.clock.now() + timedelta(days=2))
    again = await scene.desk.act(RUI, opened.id, Action.REOPEN, reason="又有人中招")
    assert again.state is State.RESPONDING
    assert (again.resolved_at, again.closed_at) == (None, None)
    assert again.next_due_at is not None
    assert again.next_due_at > scene.clock.now()
    held = [row for row in await scene.rows(tables.escalation) if row["state"] == "held"]
    assert [row["held_by"] for row in held] == [RUI.id]
    closed = await scene.desk.act(RUI, opened.id, Action.RESOLVE)
    assert closed.resolved_at == scene.clock.now()


async def test_a_post_is_split_off_once(scene: CaseScene) -> None:
    opened = await scene.crisis()
    made = await scene.cases.split(RUI, opened.id, ["post1"], reason="另一家门店")
    scene.clock.step(seconds=1)
    with pytest.raises(Conflict, match=rf"{made.id} has been split off with post1"):
        await scene.cases.split(FA, opened.id, ["post1", "post2"], reason="另一家门店")
    await scene.desk.act(LIN, made.id, Action.MARK_FALSE_POSITIVE, reason="同一家")
    again = await scene.cases.split(FA, opened.id, ["post1", "post2"], reason="另一家门店")
    assert again.id != made.id


@pytest.mark.parametrize("change", [{"disabled": True}, {"roles": []}])
async def test_who_may_read_it_no_more_hears_no_more(
    local: CaseScene, change: dict[str, object]
) -> None:
    await local.people(LIN, WEI)
    opened = await local.crisis()
    await local.cases.watch(WEI, opened.id, [Topic.COMMENTS])
    async with local.database.write() as connection:
        wei = tables.user.c.id == WEI.id
        await connection.execute(update(tables.user).where(wei).values(**change))
    await local.desk.comment(LIN, opened.id, "门店已停售")
    assert await local.heard("wei", "incident.watched") == 0
