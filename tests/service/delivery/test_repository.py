"""Deliveries as people see them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.delivery import Deliveries, DeliveryState, SendOutcome, SendResult
from service.errors import NotFound
from service.events import EventType
from tests.service.delivery.scene import BROKEN, Scene, channel
from tests.support.clock import START

REFUSED = SendResult(outcome=SendOutcome.REFUSED, status=400, answer="no")


async def replay(scene: Scene, delivery_id: str) -> None:
    async with scene.database.write() as connection:
        await Deliveries().replay(connection, delivery_id, now=scene.clock.now())


async def test_pages_are_newest_first_and_continue(scene: Scene) -> None:
    for n in range(5):
        await scene.tell_and_deliver(str(n))
        scene.clock.step(seconds=n % 2)
    seen, after = [], None
    async with scene.database.read() as connection:
        for _ in range(3):
            page = await Deliveries().page(connection, after=after, limit=2)
            seen += page.items
            after = page.next
    assert after is None
    assert len({each.id for each in seen}) == 5
    order = [(each.created_at, each.id) for each in seen]
    assert order == sorted(order, reverse=True)


async def test_filters_by_incident_channel_and_state(local: Scene) -> None:
    local.channels = [channel("a"), channel("b")]
    local.sender.script["b"] = [REFUSED]
    await local.tell_and_deliver("1")
    await local.tell_and_deliver("2", incident_id="inc_2")
    assert len(await local.deliveries(incident_id="inc_2")) == 2
    assert len(await local.deliveries(channel_id="a")) == 2
    (dead,) = await local.deliveries(states=[DeliveryState.DEAD])
    assert (dead.incident_id, dead.channel_id, dead.reason) == ("inc_1", "b", "refused: HTTP 400")


async def test_heartbeats_are_left_out(local: Scene) -> None:
    local.channels = [channel(events=("service.heartbeat",))]
    await local.tell_and_deliver(type_=EventType.SERVICE_HEARTBEAT)
    assert await local.deliveries() == []


async def test_attempts_are_listed_in_order(scene: Scene) -> None:
    scene.sender.script["a"] = [BROKEN]
    await scene.tell_and_deliver()
    scene.clock.step(seconds=5)
    await scene.deliver()
    (delivery,) = await scene.deliveries()
    async with scene.database.read() as connection:
        attempts = await Deliveries().attempts(connection, delivery.id)
    assert [(each.number, each.outcome, each.at) for each in attempts] == [
        (1, SendOutcome.RETRY, START),
        (2, SendOutcome.SENT, START + timedelta(seconds=5)),
    ]


async def test_a_dead_letter_can_be_sent_again_from_the_start(scene: Scene) -> None:
    scene.sender.script["a"] = [REFUSED, BROKEN]
    message = await scene.tell_and_deliver()
    (dead,) = await scene.deliveries()
    scene.clock.step(hours=1)
    await replay(scene, dead.id)
    await scene.deliver()
    scene.clock.step(seconds=5)
    await scene.deliver()
    (sent,) = await scene.deliveries()
    assert (sent.state, sent.attempts) == (DeliveryState.SENT, 2)
    assert scene.sender.ids("a") == [message] * 3
    assert [row.number for row in await scene.attempt_rows()] == [1, 2, 3]


async def test_what_is_being_sent_is_left_to_finish(local: Scene) -> None:
    class Replaying:
        async def send(self, target, message, *, at) -> SendResult:
            (leased,) = await local.deliveries()
            await replay(local, leased.id)
            return SendResult(outcome=SendOutcome.SENT)

    await local.tell()
    await local.route()
    await local.deliver(local.make_deliverer(senders={"scripted": Replaying()}))
    (delivery,) = await local.deliveries()
    assert delivery.state is DeliveryState.SENT


@pytest.mark.parametrize("method", ["get", "attempts"])
async def test_an_unknown_delivery_is_named(local: Scene, method: str) -> None:
    async with local.database.read() as connection:
        with pytest.raises(NotFound, match="dlv_nothing"):
            await getattr(Deliveries(), method)(connection, "dlv_nothing")


async def test_the_backlog_counts_what_should_have_gone(scene: Scene) -> None:
    scene.sender.script["a"] = [REFUSED]
    await scene.tell_and_deliver("dead")
    await scene.tell("routed")
    await scene.route()
    scene.clock.step(seconds=30)
    await scene.tell("unrouted")
    scene.clock.step(seconds=30)
    async with scene.database.read() as connection:
        backlog = await Deliveries().backlog(connection, now=scene.clock.now())
    assert (backlog.unrouted, backlog.due, backlog.dead) == (1, 1, 1)
    assert backlog.lag == timedelta(minutes=1)


async def test_without_work_there_is_no_lag(local: Scene) -> None:
    async with local.database.read() as connection:
        backlog = await Deliveries().backlog(connection, now=START)
    assert (backlog.unrouted, backlog.due, backlog.dead, backlog.lag) == (0, 0, 0, timedelta(0))
