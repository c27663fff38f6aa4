"""From the desk to the tracker and back, over loopback and in virtual time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest

from service.reviews import ItemState
from service.trackers import Hearing, Listener, Standing, State, Trouble, heard_in
from tests.service.trackers.conftest import HandoverScene
from tests.support.incident_scene import LEAD
from tests.support.providers.tracker import DOWN, HTML, TOKEN, Event, GitHubLike, JiraLike
from tests.support.webhook_receiver import Reply, WebhookReceiver


async def test_there_and_back(scene: HandoverScene, jira: JiraLike) -> None:
    handover = await scene.handed(title="批次全检", owner=None)
    assert (handover.state, handover.key, handover.standing) == (
        State.OPEN,
        "OPS-1",
        Standing.OPEN,
    )
    assert handover.url is not None
    assert handover.url.endswith("/browse/OPS-1")
    fields = jira.tickets["OPS-1"].fields
    assert fields["summary"] == "批次全检"
    assert fields["labels"] == ["fengsui", handover.id]
    assert "/console/incidents/" in fields["description"]
    assert await scene.hears(jira.press("OPS-1", "Done")) is Hearing.NEWS
    item = await scene.improvements.get(LEAD, handover.subject_id)
    assert (item.state, item.done_by) == (ItemState.DONE, "tracker:jira")
    closed = await scene.now_of(handover.id)
    assert (closed.state, closed.standing, closed.word) == (State.CLOSED, Standing.DONE, "Done")
    assert await scene.events() == [("handover.updated", "sent"), ("handover.updated", "heard")]
    verified = await scene.improvements.move(LEAD, item.id, ItemState.VERIFIED)
    assert verified.verified_by == LEAD.id


async def test_polling_finds_what_no_webhook_said(local: HandoverScene, jira: JiraLike) -> None:
    handover = await local.handed()
    jira.press("OPS-1", "In Progress")
    await local.pass_time(minutes=16)
    assert await local.item_of(handover) is ItemState.DOING
    jira.press("OPS-1", "Done")
    await local.pass_time(minutes=16)
    assert await local.item_of(handover) is ItemState.DONE


async def test_reopened_here_after_it_was_closed_there(
    scene: HandoverScene, jira: JiraLike
) -> None:
    handover = await scene.handed()
    done = jira.press("OPS-1", "Done")
    await scene.hears(done)
    await scene.improvements.move(LEAD, handover.subject_id, ItemState.DOING, reason="又犯了")
    late = jira.edit("OPS-1")
    assert await scene.hears(late) is Hearing.SAME, "the old state once more is no wish"
    await scene.pass_time(minutes=1)
    assert jira.tickets["OPS-1"].state == "In Progress"
    assert await scene.hears(done) is Hearing.TWICE
    assert await scene.item_of(handover) is ItemState.DOING
    assert (await scene.now_of(handover.id)).state is State.OPEN


async def test_reopened_there_after_it_was_closed_here(
    local: HandoverScene, jira: JiraLike
) -> None:
    handover = await local.handed()
    await local.improvements.move(LEAD, handover.subject_id, ItemState.DONE)
    await local.pass_time(minutes=1)
    assert jira.tickets["OPS-1"].state == "Done"
    assert (await local.now_of(handover.id)).state is State.CLOSED
    local.clock.step(minutes=1)
    await local.hears(jira.press("OPS-1", "Reopened"))
    item = await local.improvements.get(LEAD, handover.subject_id)
    assert item.state is ItemState.DOING
    assert item.reason is not None
    assert "OPS-1" in item.reason


async def test_reopened_there_after_the_proof_needs_somebody(
    local: HandoverScene, jira: JiraLike
) -> None:
    handover = await local.handed()
    await local.hears(jira.press("OPS-1", "Done"))
    await local.improvements.move(LEAD, handover.subject_id, ItemState.VERIFIED)
    local.clock.step(minutes=1)
    await local.hears(jira.press("OPS-1", "Reopened"))
    await local.pass_time(minutes=2)
    stuck = await local.now_of(handover.id)
    assert (stuck.trouble, await local.item_of(handover)) == (
        Trouble.DISAGREES,
        ItemState.VERIFIED,
    )
    assert jira.tickets["OPS-1"].state == "Reopened", "nobody fights over it"
    assert ("handover.failed", "heard") in await local.events()
    await local.desk_of.again(LEAD, handover.id)
    await local.pass_time(minutes=1)
    assert jira.tickets["OPS-1"].state == "Done"
    assert (await local.now_of(handover.id)).trouble is None


async def test_given_up_there_is_a_decision_for_a_lead(
    local: HandoverScene, jira: JiraLike
) -> None:
    handover = await local.handed()
    await local.hears(jira.press("OPS-1", "Won't Do"))
    assert (await local.now_of(handover.id)).trouble is Trouble.DROPPED_THERE
    assert await local.item_of(handover) is ItemState.ACCEPTED
    await local.improvements.move(LEAD, handover.subject_id, ItemState.DROPPED, reason="同意")
    await local.pass_time(minutes=1)
    assert (await local.now_of(handover.id)).trouble is None


async def test_a_tracker_that_is_down_gets_it_later(
    local: HandoverScene, jira: JiraLike, server: WebhookReceiver
) -> None:
    server.replies.extend([DOWN, HTML])
    handover = await local.handed()
    assert (handover.state, handover.last_answer) == (
        State.SENDING,
        "HTTP 503: upstream down",
    )
    await local.pass_time(seconds=8)
    waiting = await local.now_of(handover.id)
    assert waiting.last_answer is not None
    assert waiting.last_answer.startswith("no JSON: is a proxy")
    await local.pass_time(minutes=10)
    assert (await local.now_of(handover.id)).key == "OPS-1"
    assert jira.made == 1


async def test_a_lost_answer_makes_no_second_ticket(local: HandoverScene, jira: JiraLike) -> None:
    jira.lose = 1
    handover = await local.handed()
    assert handover.key is None
    await local.pass_time(minutes=1)
    assert ((await local.now_of(handover.id)).key, jira.made) == ("OPS-1", 1)


async def test_200_with_an_error_inside_is_no_success(
    local: HandoverScene, jira: JiraLike, server: WebhookReceiver
) -> None:
    server.replies.append(Reply(body=b'{"errorMessages":["out of licences"]}'))
    handover = await local.handed()
    assert handover.last_answer == "HTTP 200 and an error in it: out of licences"
    assert handover.key is None


async def test_200_without_a_key_is_no_success(
    local: HandoverScene, server: WebhookReceiver
) -> None:
    server.replies.append(Reply(body=b'{"key":{"a":1}}'))
    handover = await local.handed()
    assert handover.last_answer is not None
    assert "without the key" in handover.last_answer


async def test_refused_for_good_is_told_and_tried_again(
    local: HandoverScene, jira: JiraLike, server: WebhookReceiver
) -> None:
    said = b'{"errorMessages":[],"errors":{"project":"gone, ' + TOKEN.encode() + b'"}}'
    server.replies.append(Reply(status=400, body=said))
    handover = await local.handed()
    assert (handover.state, handover.trouble) == (State.FAILED, Trouble.UNDELIVERED)
    assert handover.last_answer is not None
    assert TOKEN not in handover.last_answer
    assert ("handover.failed", "failed") in await local.events()
    await local.desk_of.again(LEAD, handover.id)
    await local.pass_time(seconds=2)
    assert (await local.now_of(handover.id)).state is State.OPEN
    assert jira.made == 1


async def test_days_of_silence_are_a_failure(local: HandoverScene, server: WebhookReceiver) -> None:
    server.replies.extend([DOWN] * 20)
    item = await local.item()
    made, _ = await local.desk_of.improvement(LEAD, item.id, "jira")
    for _ in range(20):
        await advance_deliveries(local)
    assert (await local.now_of(made.id)).state is State.FAILED


async def advance_deliveries(scene: HandoverScene) -> None:
    """To the next attempt, without the watch's looks in between."""
    await scene.router.run(scene.clock.now())
    at = await scene.deliverer.next_at()
    if at is not None:
        scene.clock.advance_to(max(at, scene.clock.now()))
        await scene.deliverer.run(scene.clock.now())


async def test_deleted_there_is_told_and_made_anew(scene: HandoverScene, jira: JiraLike) -> None:
    handover = await scene.handed()
    assert await scene.hears(jira.delete("OPS-1")) is Hearing.DELETED
    gone = await scene.now_of(handover.id)
    assert (gone.state, gone.trouble) == (State.DELETED, Trouble.DELETED_THERE)
    assert await scene.item_of(handover) is ItemState.ACCEPTED
    await scene.desk_of.again(LEAD, handover.id)
    await scene.pass_time(seconds=2)
    assert (await scene.now_of(handover.id)).key == "OPS-2"


async def test_deleted_there_is_found_when_it_is_moved(
    local: HandoverScene, jira: JiraLike
) -> None:
    handover = await local.handed()
    jira.delete("OPS-1")
    await local.improvements.move(LEAD, handover.subject_id, ItemState.DONE)
    await local.pass_time(minutes=1)
    assert (await local.now_of(handover.id)).state is State.DELETED
    assert await local.item_of(handover) is ItemState.DONE


async def test_a_state_that_the_mapping_does_not_know(local: HandoverScene, jira: JiraLike) -> None:
    handover = await local.handed()
    assert await local.hears(jira.press("OPS-1", "Blocked")) is Hearing.UNKNOWN_STATE
    assert await local.hears(jira.edit("OPS-1")) is Hearing.SAME
    stuck = await local.now_of(handover.id)
    assert (stuck.trouble, stuck.word, stuck.state) == (
        Trouble.UNKNOWN_STATE,
        "Blocked",
        State.OPEN,
    )
    assert [kind for kind, _ in await local.events()].count("handover.failed") == 1
    await local.hears(jira.press("OPS-1", "To Do"))
    assert (await local.now_of(handover.id)).trouble is None


async def test_events_out_of_order(local: HandoverScene, jira: JiraLike) -> None:
    handover = await local.handed()
    begun = jira.press("OPS-1", "In Progress")
    local.clock.step(minutes=2)
    done = jira.press("OPS-1", "Done")
    assert await local.hears(done) is Hearing.NEWS
    assert await local.hears(begun) is Hearing.STALE
    assert await local.item_of(handover) is ItemState.DONE


async def test_a_ticket_that_is_none_of_ours(local: HandoverScene, jira: JiraLike) -> None:
    handover = await local.handed()
    jira.tickets["OPS-7"] = jira.tickets["OPS-1"]
    event = jira.press("OPS-7", "Done")
    assert await local.hears(event) is Hearing.NEWS, "the body names OPS-1"
    del jira.tickets["OPS-7"]
    jira.tickets["OPS-1"].key = "OPS-9"
    assert await local.hears(jira.edit("OPS-1")) is Hearing.NOT_OURS
    assert (await local.now_of(handover.id)).key == "OPS-1"


async def test_two_people_at_once_make_one_ticket(scene: HandoverScene, jira: JiraLike) -> None:
    item = await scene.item()
    both = await asyncio.gather(
        scene.desk_of.improvement(LEAD, item.id, "jira"),
        scene.desk_of.improvement(LEAD, item.id, "jira"),
    )
    assert sorted(first for _, first in both) == [False, True]
    assert both[0][0].id == both[1][0].id
    await scene.pass_time(seconds=1)
    assert jira.made == 1


async def test_done_here_before_the_tracker_has_it(
    local: HandoverScene, jira: JiraLike, server: WebhookReceiver
) -> None:
    server.replies.append(DOWN)
    handover = await local.handed()
    await local.improvements.move(LEAD, handover.subject_id, ItemState.DONE)
    await local.pass_time(minutes=2)
    assert jira.tickets["OPS-1"].state == "Done"
    assert (await local.now_of(handover.id)).state is State.CLOSED


async def test_the_second_shape(local: HandoverScene) -> None:
    handover = await local.handed("github")
    assert (handover.state, handover.key) == (State.OPEN, "1")
    await local.improvements.move(LEAD, handover.subject_id, ItemState.DOING)
    await local.pass_time(minutes=1)
    assert (await local.now_of(handover.id)).trouble is None, "it has no state for that"
    await local.improvements.move(LEAD, handover.subject_id, ItemState.DONE)
    await local.pass_time(minutes=1)
    assert (await local.now_of(handover.id)).state is State.CLOSED


async def test_the_second_shape_comes_back(local: HandoverScene, github: GitHubLike) -> None:
    handover = await local.handed("github")
    github.issues[1] |= {"state": "closed", "state_reason": "completed"}
    await local.pass_time(minutes=16)
    assert await local.item_of(handover) is ItemState.DONE
    del github.issues[1]
    await local.pass_time(days=1, minutes=1)
    assert (await local.now_of(handover.id)).state is State.DELETED


async def test_what_is_closed_for_long_is_not_asked_about(
    local: HandoverScene, jira: JiraLike, server: WebhookReceiver
) -> None:
    handover = await local.handed()
    await local.hears(jira.press("OPS-1", "Done"))
    local.clock.step(days=31)
    await local.handover_watch.run(local.clock.now())
    assert (await local.now_of(handover.id)).poll_at is None


@pytest.mark.parametrize("minutes", [1, 3])
async def test_a_poll_that_fails_is_shown(
    local: HandoverScene, server: WebhookReceiver, minutes: int
) -> None:
    handover = await local.handed()
    server.replies.append(DOWN)
    local.clock.step(minutes=15 + minutes)
    await local.handover_watch.run(local.clock.now())
    found = await local.now_of(handover.id)
    assert found.last_answer == "HTTP 503: upstream down"
    assert found.poll_at == local.clock.now() + timedelta(minutes=15)
    assert found.state is State.OPEN


class SlowDesk:
    """Another event is heard before it moves the improvement; `blind` sees no versions, as if that
    came between the looks at the hand-over and at the improvement.
    """

    def __init__(self, scene: HandoverScene, meanwhile: Event, *, blind: bool) -> None:
        self.scene = scene
        self.meanwhile: Event | None = meanwhile
        self.blind = blind

    async def move(self, *given: Any, version: int, **more: Any) -> Any:
        event, self.meanwhile = self.meanwhile, None
        if event is not None:
            await self.scene.hears(event)
        seen = None if self.blind else version
        return await self.scene.improvements.move(*given, version=seen, **more)


@pytest.mark.parametrize("blind", [False, True])
async def test_of_two_words_at_once_the_later_counts(
    local: HandoverScene, jira: JiraLike, blind: bool
) -> None:
    handover = await local.handed()
    begun = jira.press("OPS-1", "In Progress")
    local.clock.step(minutes=1)
    done = jira.press("OPS-1", "Done")
    desk: Any = SlowDesk(local, done, blind=blind)
    slow = Listener(local.database, clock=local.clock, items=desk, telling=local.telling)
    heard = heard_in(local.trackers["jira"], orjson.loads(begun.body))
    assert heard is not None
    assert await slow.hear(local.trackers["jira"], heard, notice="event-1") is Hearing.STALE
    assert (await local.now_of(handover.id)).standing is Standing.DONE
    assert await local.item_of(handover) is ItemState.DONE
    await local.pass_time(minutes=1)
    assert jira.tickets["OPS-1"].state == "Done"
