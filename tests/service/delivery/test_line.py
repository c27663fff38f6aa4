"""From the outbox over a real connection to a receiver, with time moved by hand."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from crawlers.fetch.guard import GuardPolicy, guarded_client
from service.delivery import Deliverer, DeliveryState, WebhookSender, generate_secret, verify
from service.delivery.retry import SCHEDULE
from service.events import EventType
from tests.service.delivery.scene import Scene, channel
from tests.support.clock import START
from tests.support.webhook_receiver import Reply, WebhookReceiver, webhook_receiver

LOOPBACK = GuardPolicy(allow_networks=(ipaddress.ip_network("127.0.0.0/8"),))
SECRETS = (generate_secret(), generate_secret())


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with webhook_receiver() as listening:
        yield listening


@pytest.fixture
async def deliverer(local: Scene, receiver: WebhookReceiver) -> AsyncIterator[Deliverer]:
    local.channels = [channel("a", kind="webhook", url=receiver.url(), secrets=SECRETS)]
    async with guarded_client(LOOPBACK) as client:
        sender = WebhookSender(client, clock=local.clock, limit_s=0.3)
        yield local.make_deliverer(senders={"webhook": sender})


async def test_every_kind_of_failure_is_overcome_under_one_id(
    local: Scene, receiver: WebhookReceiver, deliverer: Deliverer
) -> None:
    receiver.replies += [
        Reply(status=500),
        Reply(drop=True),
        Reply(hang=True),
        Reply(status=302, headers={"location": "/elsewhere"}),
        Reply(status=404),
    ]
    message = await local.tell()
    await local.route()
    for wait in SCHEDULE[:6]:
        local.step(wait)
        assert await local.deliver(deliverer) == 1
        request = receiver.received[-1]
        for secret in SECRETS:
            verify([secret], headers=request.headers, body=request.body, now=local.clock.now())
    assert receiver.ids == [message] * 6
    assert len({request.body for request in receiver.received}) == 1
    (delivery,) = await local.deliveries()
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 6)
    assert [row.status for row in await local.attempt_rows()] == [500, None, None, 302, 404, 200]


async def test_a_throttled_page_waits_as_long_as_it_was_asked_to(
    local: Scene, receiver: WebhookReceiver, deliverer: Deliverer
) -> None:
    receiver.replies.append(Reply(status=429, headers={"retry-after": "90"}))
    await local.tell()
    await local.route()
    await local.deliver(deliverer)
    assert await deliverer.next_at() == START + timedelta(seconds=90)


async def test_a_worker_cancelled_while_sending_leaves_the_page_to_the_next(
    local: Scene, receiver: WebhookReceiver, deliverer: Deliverer
) -> None:
    receiver.replies.append(Reply(hang=True))
    message = await local.tell()
    await local.route()
    running = asyncio.ensure_future(local.deliver(deliverer))
    await receiver.arrived.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    async with guarded_client(LOOPBACK) as client:
        sender = WebhookSender(client, clock=local.clock)
        reborn = local.make_deliverer(senders={"webhook": sender})
        assert await local.deliver(reborn) == 1
    assert receiver.ids == [message, message]


async def test_events_of_one_incident_arrive_in_their_order(
    local: Scene, receiver: WebhookReceiver, deliverer: Deliverer
) -> None:
    story = [
        EventType.INCIDENT_OPENED,
        EventType.INCIDENT_TIER_CHANGED,
        EventType.INCIDENT_ACKNOWLEDGED,
        EventType.STEP_DUE,
    ]
    ids = {type_: await local.tell("inc_1", type_=type_) for type_ in reversed(story)}
    await local.route()
    await local.deliver(deliverer)
    assert receiver.ids == [ids[type_] for type_ in story]
    assert deliverer.name == "deliverer"
