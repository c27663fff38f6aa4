"""Sending: at least once under one id, in order, each channel for itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from service.delivery import (
    DeliveryNews,
    DeliveryState,
    SendOutcome,
    SendResult,
)
from service.delivery.model import count
from service.delivery.retry import SCHEDULE
from service.events import EventType
from tests.service.delivery.scene import BROKEN, SENT, Scene, ScriptedSender, channel
from tests.support.clock import START

LEASE = timedelta(seconds=40)


async def test_a_success_is_recorded_with_what_was_answered(scene: Scene) -> None:
    message = await scene.tell_and_deliver()
    (delivery,) = await scene.deliveries()
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 1)
    assert (delivery.sent_at, delivery.reason) == (START, "sent: HTTP 200")
    (attempt,) = await scene.attempt_rows()
    assert (attempt.number, attempt.outcome, attempt.status) == (1, "sent", 200)
    assert (attempt.answer, attempt.duration_ms) == ("ok", 3.0)
    assert scene.sender.ids("a") == [message]
    assert [report.news for report in scene.reports] == [DeliveryNews.SENT]
    assert scene.observed == [("scripted", "sent")]


async def test_what_is_sent_is_not_sent_again(scene: Scene) -> None:
    await scene.tell_and_deliver()
    assert await scene.deliver() == 0
    assert await scene.deliverer.next_at() is None


async def test_failures_follow_the_schedule_until_it_is_dead_loudly(scene: Scene) -> None:
    scene.sender.otherwise = BROKEN
    message = await scene.tell()
    await scene.route()
    with capture_logs() as logged:
        for wait in SCHEDULE:
            scene.step(wait)
            assert await scene.deliver() == 1
            assert await scene.deliver() == 0
    (delivery,) = await scene.deliveries(states=[DeliveryState.DEAD])
    assert (delivery.attempts, delivery.reason) == (10, "exhausted: HTTP 500")
    assert scene.sender.ids("a") == [message] * 10
    assert [row.number for row in await scene.attempt_rows()] == list(range(1, 11))
    assert [(r.news, r.attempts) for r in scene.reports] == [
        (DeliveryNews.FAILING, 3),
        (DeliveryNews.DEAD, 10),
    ]
    assert [entry["log_level"] for entry in logged] == ["warning"] * 9 + ["error"]
    assert await scene.deliverer.next_at() is None


async def test_next_at_is_the_next_attempt(local: Scene) -> None:
    local.sender.script["a"] = [BROKEN]
    await local.tell_and_deliver()
    assert await local.deliverer.next_at() == START + timedelta(seconds=5)


async def test_a_kill_between_send_and_record_sends_again_under_the_same_id(
    scene: Scene,
) -> None:
    class Killed(BaseException):
        pass

    class KillingSender(ScriptedSender):
        async def send(self, *args, **named):
            await super().send(*args, **named)
            raise Killed

    killing = KillingSender()
    message = await scene.tell()
    await scene.route()
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - the kill, in a group or bare
        await scene.deliver(scene.make_deliverer(senders={"scripted": killing}))
    assert "Killed" in repr(caught.value)
    assert await scene.attempt_rows() == []

    other = scene.make_deliverer(owner="worker-2")
    assert await scene.deliver(other) == 0
    assert await other.next_at() == START + LEASE
    scene.step(LEASE)
    assert await scene.deliver(other) == 1
    assert killing.ids("a") + scene.sender.ids("a") == [message, message]


async def test_a_restarted_worker_does_not_wait_for_its_own_lease(local: Scene) -> None:
    class CancelledSender(ScriptedSender):
        async def send(self, *args, **named):
            raise asyncio.CancelledError

    await local.tell()
    await local.route()
    dying = local.make_deliverer(senders={"scripted": CancelledSender()})
    with pytest.raises(asyncio.CancelledError):
        await local.deliver(dying)
    reborn = local.make_deliverer()
    assert await reborn.next_at() == START
    assert await local.deliver(reborn) == 1


async def test_within_a_channel_events_go_in_the_order_of_the_story(local: Scene) -> None:
    ids = [
        await local.tell("s1", type_=EventType.STEP_DUE),
        await local.tell("i1", type_=EventType.INCIDENT_OPENED),
        await local.tell("i0", occurred_at=START - timedelta(seconds=1)),
    ]
    await local.route()
    await local.deliver()
    assert local.sender.ids("a") == [ids[2], ids[1], ids[0]]


async def test_a_failed_delivery_does_not_hold_up_the_next_one(local: Scene) -> None:
    local.sender.script["a"] = [BROKEN]
    await local.tell("1")
    await local.tell("2")
    await local.route()
    assert await local.deliver() == 2
    assert sorted(each.state for each in await local.deliveries()) == ["pending", "sent"]


async def test_a_receiver_that_is_down_is_spared_the_rest_for_a_while(local: Scene) -> None:
    local.sender.script["a"] = [SendResult(outcome=SendOutcome.RETRY, reason="ConnectError")]
    await local.tell("1")
    await local.tell("2")
    await local.route()
    assert await local.deliver() == 1
    assert {each.attempts for each in await local.deliveries()} == {0, 1}
    assert await local.deliverer.next_at() == START + timedelta(seconds=5)
    local.clock.step(seconds=5)
    assert await local.deliver() == 2


async def test_a_hanging_channel_does_not_hold_up_another_nor_what_comes_later(
    local: Scene,
) -> None:
    let_go = asyncio.Event()
    first_sent, later_sent = asyncio.Event(), asyncio.Event()

    class HangingSender(ScriptedSender):
        async def send(self, channel, message, *, at):
            if channel.id == "a":
                await let_go.wait()
            result = await super().send(channel, message, at=at)
            first_sent.set()
            if len(self.ids("b")) == 2:
                later_sent.set()
            return result

    sender = HangingSender()
    local.channels = [channel("a"), channel("b")]
    deliverer = local.make_deliverer(senders={"scripted": sender})
    await local.tell("1")
    await local.route()
    running = asyncio.ensure_future(local.deliver(deliverer))
    await first_sent.wait()
    await local.tell("2")
    await local.route()
    async with asyncio.timeout(5):
        await later_sent.wait()
    assert sender.ids("a") == []
    let_go.set()
    assert await running == 4


async def test_a_sender_without_an_end_is_ended(local: Scene) -> None:
    class EndlessSender(ScriptedSender):
        async def send(self, *args, **named):
            await asyncio.Event().wait()

    await local.tell()
    await local.route()
    limited = local.make_deliverer(
        senders={"scripted": EndlessSender()}, send_limit=timedelta(milliseconds=20)
    )
    assert await local.deliver(limited) == 1
    (attempt,) = await local.attempt_rows()
    assert (attempt.outcome, attempt.answer) == ("retry", "no end after 0 s")


async def test_a_broken_sender_is_a_failed_attempt_that_keeps_the_address_secret(
    local: Scene,
) -> None:
    local.sender.script["a"] = [ValueError("https://hooks.example.org/secret")]
    await local.tell_and_deliver()
    (delivery,) = await local.deliveries()
    assert delivery.state is DeliveryState.PENDING
    assert "ValueError" in (delivery.reason or "")
    assert "secret" not in (delivery.reason or "")


async def test_a_kind_without_a_sender_is_tried_again(local: Scene) -> None:
    local.channels = [channel(kind="pigeon")]
    await local.tell_and_deliver()
    (delivery,) = await local.deliveries()
    assert delivery.state is DeliveryState.PENDING
    assert "'pigeon'" in (delivery.reason or "")


async def test_a_gone_receiver_is_dead_and_its_channel_switched_off(scene: Scene) -> None:
    scene.sender.script["a"] = [SendResult(outcome=SendOutcome.GONE, status=410)]
    await scene.tell_and_deliver()
    (delivery,) = await scene.deliveries()
    assert (delivery.state, delivery.reason) == (DeliveryState.DEAD, "gone: HTTP 410")
    assert scene.disabled == [("a", "gone: HTTP 410")]


@pytest.mark.parametrize(
    ("channels", "reason"),
    [([], "channel_missing"), ([channel(enabled=False)], "channel_disabled")],
)
async def test_without_its_channel_a_delivery_is_dead_and_told(
    local: Scene, channels: list, reason: str
) -> None:
    await local.tell()
    await local.route()
    local.channels = channels
    assert await local.deliver() == 1
    (delivery,) = await local.deliveries()
    assert (delivery.state, delivery.reason, delivery.attempts) == (DeliveryState.DEAD, reason, 0)
    assert [report.news for report in local.reports] == [DeliveryNews.DEAD]
    assert local.sender.sent == []


async def test_a_late_heartbeat_is_not_tried_again_and_is_no_news(local: Scene) -> None:
    local.channels = [channel(events=("service.heartbeat",))]
    local.sender.otherwise = BROKEN
    with capture_logs() as logged:
        await local.tell_and_deliver(type_=EventType.SERVICE_HEARTBEAT)
    assert local.reports == []
    assert [entry["log_level"] for entry in logged] == ["warning"]
    assert await local.deliverer.next_at() is None


async def test_an_announcement_that_fails_does_not_undo_the_record(local: Scene) -> None:
    async def fail(connection, report) -> None:
        raise RuntimeError("the timeline is broken")

    await local.tell()
    await local.route()
    assert await local.deliver(local.make_deliverer(announce=fail)) == 1
    (delivery,) = await local.deliveries()
    assert delivery.state is DeliveryState.SENT
    assert len(await local.attempt_rows()) == 1


async def test_two_workers_send_each_delivery_once(scene: Scene) -> None:
    scene.channels = [channel("a"), channel("b")]
    for n in range(8):
        await scene.tell(str(n))
    await scene.route()
    workers = [scene.make_deliverer(owner=f"worker-{n}") for n in range(2)]
    await asyncio.gather(*(scene.deliver(worker) for worker in workers))
    await scene.deliver()
    assert len(scene.sender.sent) == 16
    assert len({(to, message.id) for to, message, _ in scene.sender.sent}) == 16


async def test_a_success_counts_though_the_lease_was_lost(scene: Scene) -> None:
    class SlowSender(ScriptedSender):
        async def send(self, channel, message, *, at):
            scene.step(LEASE)
            await scene.deliver(scene.make_deliverer(owner="worker-2"))
            return await super().send(channel, message, at=at)

    scene.sender.otherwise = BROKEN
    await scene.tell()
    await scene.route()
    await scene.deliver(scene.make_deliverer(senders={"scripted": SlowSender()}))
    (delivery,) = await scene.deliveries()
    assert delivery.state is DeliveryState.SENT
    assert [row.outcome for row in await scene.attempt_rows()] == ["retry", "sent"]


async def test_a_failure_after_a_lost_lease_changes_nothing_but_is_kept(scene: Scene) -> None:
    class SlowSender(ScriptedSender):
        async def send(self, channel, message, *, at):
            scene.step(LEASE)
            await scene.deliver(scene.make_deliverer(owner="worker-2"))
            return BROKEN

    await scene.tell()
    await scene.route()
    await scene.deliver(scene.make_deliverer(senders={"scripted": SlowSender()}))
    (delivery,) = await scene.deliveries()
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 1)
    assert [row.outcome for row in await scene.attempt_rows()] == ["sent", "retry"]
    assert [report.news for report in scene.reports] == [DeliveryNews.SENT]


async def test_a_lane_that_breaks_leaves_the_others_alone(local: Scene) -> None:
    async def fail(connection, channel_id, reason, at) -> None:
        raise OSError("the database is away")

    local.channels = [channel("a"), channel("b")]
    local.sender.script["a"] = [SendResult(outcome=SendOutcome.GONE, status=410)]
    await local.tell()
    await local.route()
    assert await local.deliver(local.make_deliverer(disable=fail)) == 1
    states = {each.channel_id: each.state for each in await local.deliveries()}
    assert states == {"a": DeliveryState.PENDING, "b": DeliveryState.SENT}


async def test_one_lane_at_a_time_sends_all_in_a_fixed_order(local: Scene) -> None:
    local.channels = [channel(name, kind="recording") for name in "cab"]
    ids = [await local.tell(str(n), occurred_at=START + timedelta(n)) for n in range(2)]
    await local.route()
    await local.deliver(local.make_deliverer(concurrency=1))
    assert [(sent.channel_id, sent.message.id) for sent in local.recording.sent] == [
        (name, message_id) for name in "abc" for message_id in ids
    ]


async def test_attempts_are_counted_in_the_metrics(local: Scene) -> None:
    local.channels = [channel(kind="counted")]
    await local.tell()
    await local.route()
    counting = local.make_deliverer(senders={"counted": local.sender}, observe=count)
    await local.deliver(counting)
    labels = {"channel_kind": "counted"}
    sent = REGISTRY.get_sample_value("fengsui_deliveries_total", labels | {"outcome": "sent"})
    took = REGISTRY.get_sample_value("fengsui_delivery_seconds_sum", labels)
    assert (sent, took) == (1.0, 0.003)


async def test_a_long_answer_is_kept_in_part(scene: Scene) -> None:
    scene.sender.script["a"] = [
        SendResult(outcome=SENT.outcome, status=200, answer="好\x00" * 4000)
    ]
    await scene.tell_and_deliver()
    (attempt,) = await scene.attempt_rows()
    assert attempt.answer == "好" * 1024
