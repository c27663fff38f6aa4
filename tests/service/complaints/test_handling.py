"""What people record, who was first, and what cannot be."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from service.audit import AuditFilter, entries
from service.complaints import Deed, Published, Said, State
from service.complaints.model import AnswerKind
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from tests.support.clock import START
from tests.support.complaint_scene import LIN, MEI, RUI, WEI, ComplaintScene, complaining
from tests.support.drill_scene import limited

HELLO = Published(channel="weibo", text="您好，我在跟进", url="https://weibo.example/a/1")


async def test_a_whole_life_is_recorded(scene: ComplaintScene) -> None:
    found = await scene.one()
    told = await scene.settled(found)
    assert (told.state, told.assignee) == (State.TOLD, RUI.id)
    said = Said(csat=4, nps=9, words="还行", said_by="本人电话")
    rated = await scene.handling.rate(MEI, found.id, said)
    closed = await scene.handling.close(LIN, found.id)
    assert (rated.csat, rated.nps, closed.state) == (4, 9, State.CLOSED)
    file = await scene.file(found.id)
    assert [item.kind for item in file.answers] == list(AnswerKind)
    assert {(item.by, item.channel) for item in file.answers} == {(RUI.id, "weibo")}
    (rating,) = file.ratings
    assert (rating.by, rating.said_by, rating.said_at) == (MEI.id, "本人电话", START)
    kinds = ["opened", "answer", "respond", "resolve", "tell", "rate", "close"]
    assert await scene.kinds(found) == kinds
    assert [event.version for event in file.history] == [1, 2, 3, 4, 5, 6, 7]
    assert (await scene.told())[-1] in {"complaint.closed", "complaint.resolved"}


async def test_every_deed_is_audited_without_words_of_the_person(local: ComplaintScene) -> None:
    found = await local.one()
    await local.settled(found)
    await local.handling.reopen(RUI, found.id, reason="张先生说没到账")
    async with local.database.read() as connection:
        page = await entries(connection, where=AuditFilter(subject_id=found.id))
    assert {item.action for item in page.items} >= {"complaint.answer", "complaint.reopen"}
    assert "张先生" not in repr(page.items)
    assert "张先生说没到账" in [item.note for item in (await local.file(found.id)).history]


async def test_the_second_who_answers_is_told_who_was_first(scene: ComplaintScene) -> None:
    found = await scene.one()
    await scene.handling.say(RUI, found.id, Deed.ANSWER, HELLO)
    with pytest.raises(Conflict, match=rf"{RUI.id} has recorded the answer .* on weibo"):
        await scene.handling.say(MEI, found.id, Deed.ANSWER, HELLO)
    with pytest.raises(Conflict, match=rf"answer by {RUI.id}.*answered, with {RUI.id}, version 2"):
        await scene.handling.say(MEI, found.id, Deed.RESPOND, HELLO, version=1)


async def test_two_at_once_are_one_answer_and_a_conflict(scene: ComplaintScene) -> None:
    found = await scene.one()
    outcomes = await asyncio.gather(
        *(scene.handling.say(who, found.id, Deed.ANSWER, HELLO, version=1) for who in (RUI, MEI)),
        return_exceptions=True,
    )
    (refused,) = [item for item in outcomes if isinstance(item, Conflict)]
    (answer,) = (await scene.file(found.id)).answers
    assert answer.by in refused.detail


async def test_a_later_round_may_be_answered_again(local: ComplaintScene) -> None:
    told = await local.settled(await local.one())
    await local.handling.reopen(RUI, told.id, reason="还没好")
    answered = await local.say(told, Deed.ANSWER, by=MEI)
    assert answered.state is State.ANSWERED
    assert answered.assignee == RUI.id, "whoever had it has it still"


async def test_the_record_counts_and_the_claim_is_kept(local: ComplaintScene) -> None:
    found = await local.one()
    local.clock.step(minutes=20)
    said = Published(
        channel="phone", text="电话里说过了", published_at=START + timedelta(minutes=2)
    )
    answered = await local.handling.say(RUI, found.id, Deed.ANSWER, said)
    (answer,) = (await local.file(found.id)).answers
    assert answered.answered_at == START + timedelta(minutes=20)
    assert answer.published_at == START + timedelta(minutes=2)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"channel": " "}, "channel"),
        ({"channel": "x" * 65}, "channel"),
        ({"channel": "weibo\u200b"}, "channel"),
        ({"text": ""}, "text"),
        ({"text": "\u200b\u2060"}, "text"),
        ({"text": "x" * 5_001}, "text"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"published_at": START + timedelta(minutes=1)}, "published_at"),
        ({"published_at": START - timedelta(minutes=1)}, "published_at"),
    ],
)
async def test_what_is_no_answer_is_refused(
    local: ComplaintScene, changes: dict[str, Any], path: str
) -> None:
    found = await local.one()
    wrong = {"channel": "weibo", "text": "您好"} | changes
    with pytest.raises(InvalidInput) as refused:
        await local.handling.say(RUI, found.id, Deed.ANSWER, Published(**wrong))
    assert [name for name, _ in refused.value.errors] == [path]
    assert (await local.now(found)).version == 1


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"csat": None}, "csat"),
        ({"csat": 0}, "csat"),
        ({"csat": 6}, "csat"),
        ({"nps": -1}, "nps"),
        ({"nps": 11}, "nps"),
        ({"said_by": " "}, "said_by"),
        ({"said_by": "\u200b"}, "said_by"),
        ({"said_at": START + timedelta(days=1)}, "said_at"),
    ],
)
async def test_what_is_no_rating_is_refused(
    local: ComplaintScene, changes: dict[str, Any], path: str
) -> None:
    told = await local.settled(await local.one())
    with pytest.raises(InvalidInput) as refused:
        await local.handling.rate(RUI, told.id, Said(**({"csat": 3} | changes)))
    assert path in [name for name, _ in refused.value.errors]


async def test_a_later_rating_counts_and_the_first_stays(local: ComplaintScene) -> None:
    told = await local.settled(await local.one())
    await local.handling.rate(RUI, told.id, Said(csat=1, nps=0))
    await local.handling.close(RUI, told.id)
    rated = await local.handling.rate(RUI, told.id, Said(csat=5))
    assert (rated.csat, rated.nps, rated.state) == (5, 0, State.CLOSED)
    assert [item.csat for item in (await local.file(told.id)).ratings] == [1, 5]


async def test_closing_without_a_rating_takes_a_reason(local: ComplaintScene) -> None:
    told = await local.settled(await local.one())
    with pytest.raises(InvalidInput, match="reason"):
        await local.handling.close(RUI, told.id)
    closed = await local.handling.close(RUI, told.id, reason="两次回访都没有接")
    assert closed.ended_at == START


async def test_deeds_out_of_turn_are_refused(local: ComplaintScene) -> None:
    found = await local.one()
    with pytest.raises(IllegalTransition, match="answer it first"):
        await local.handling.rate(RUI, found.id, Said(csat=3))
    with pytest.raises(InvalidInput, match="records nothing"):
        await local.handling.say(RUI, found.id, Deed.CLOSE, HELLO)
    with pytest.raises(NotFound, match="no complaint 'cmp_none'"):
        await local.handling.say(RUI, "cmp_none", Deed.ANSWER, HELLO)


async def test_who_may_not_work_it_changes_nothing(local: ComplaintScene) -> None:
    found = await local.one()
    for who in (WEI, limited(RUI, "milk")):
        with pytest.raises(Forbidden):
            await local.handling.say(who, found.id, Deed.ANSWER, HELLO)
    assert (await local.now(found)).state is State.OPEN


async def test_a_dispute_and_a_reopening_are_told(local: ComplaintScene) -> None:
    told = await local.settled(await local.one())
    local.clock.step(minutes=1)
    await local.handling.dispute(RUI, told.id, reason="不认可")
    local.clock.step(minutes=1)
    resolved = await local.say(told, Deed.RESOLVE)
    local.clock.step(minutes=1)
    await local.handling.reopen(RUI, resolved.id, reason="又坏了")
    heard = [kind for kind in await local.told() if kind != "complaint.resolved"]
    assert heard[-2:] == ["complaint.disputed", "complaint.reopened"]
    with pytest.raises(InvalidInput, match="reason"):
        await local.handling.dispute(RUI, told.id, reason=" ")


async def test_one_person_and_cause_has_one_open_ticket(scene: ComplaintScene) -> None:
    author = "au_" + "b" * 20
    (old,) = await scene.notice(complaining(1, author=author))
    await scene.settled(old)
    _, new = await scene.notice(complaining(2, author=author))
    for again in (scene.handling.reopen, scene.handling.dispute):
        with pytest.raises(Conflict, match=rf"goes on as {new.id} \(open\)"):
            await again(RUI, old.id, reason="还没好")
    await scene.settled(new)
    assert (await scene.handling.reopen(RUI, old.id, reason="还没好")).state is State.OPEN
    both = await scene.notice(complaining(3, author=author))
    assert {item.id: item.posts for item in both} == {old.id: 2, new.id: 1}


async def test_a_post_that_joins_is_no_change_for_whoever_works(local: ComplaintScene) -> None:
    author = "au_" + "b" * 20
    (found,) = await local.notice(complaining(1, author=author))
    await local.notice(complaining(2, author=author))
    answered = await local.handling.say(RUI, found.id, Deed.ANSWER, HELLO, version=found.version)
    assert answered.posts == 2
