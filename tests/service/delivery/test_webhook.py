"""Webhooks on a real connection to a receiver on loopback."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest
import standardwebhooks

from crawlers.fetch.guard import GuardPolicy, guarded_client
from service.clock import SystemClock
from service.delivery import (
    ChannelTarget,
    Message,
    SendOutcome,
    SendResult,
    WebhookSender,
    generate_secret,
)
from service.delivery.webhook import outcome_of, parse_retry_after
from service.events import EventType
from tests.support.clock import START
from tests.support.webhook_receiver import Reply, WebhookReceiver, webhook_receiver

LOOPBACK = GuardPolicy(allow_networks=(ipaddress.ip_network("127.0.0.0/8"),))
MESSAGE = Message(
    id="msg_0123456789abcdef0123",
    type=EventType.INCIDENT_OPENED,
    occurred_at=START,
    data={"title": "奶茶里有异物"},
)


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with webhook_receiver() as listening:
        yield listening


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with guarded_client(LOOPBACK) as opened:
        yield opened


def target(url: str | None, *secrets: str) -> ChannelTarget:
    return ChannelTarget(id="chn_1", kind="webhook", url=url, secrets=secrets)


async def attempt(
    client: httpx.AsyncClient,
    url: str | None,
    *secrets: str,
    at: datetime = START,
    limit_s: float = 5.0,
) -> SendResult:
    sender = WebhookSender(client, clock=SystemClock(), limit_s=limit_s)
    return await sender.send(target(url, *secrets), MESSAGE, at=at)


async def test_the_library_of_the_standard_verifies_what_arrives(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    secret = generate_secret()
    result = await attempt(client, receiver.url(), secret, at=SystemClock().now())
    (request,) = receiver.received
    verified = standardwebhooks.Webhook(secret).verify(request.body, dict(request.headers))
    assert verified == {
        "type": "incident.opened",
        "timestamp": "2024-03-01T02:00:00.000Z",
        "data": {"title": "奶茶里有异物"},
    }
    assert request.headers["webhook-id"] == MESSAGE.id
    assert request.headers["content-type"] == "application/json"
    assert (result.outcome, result.status, result.answer) == (SendOutcome.SENT, 200, "ok")
    assert result.duration_ms > 0


async def test_two_attempts_differ_in_timestamp_only(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    for at in (START, START + timedelta(seconds=5)):
        await attempt(client, receiver.url(), generate_secret(), at=at)
    first, second = receiver.received
    assert first.body == second.body
    assert receiver.ids == [MESSAGE.id] * 2
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


async def test_without_a_secret_it_is_sent_unsigned(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    assert (await attempt(client, receiver.url())).outcome is SendOutcome.SENT
    assert "webhook-signature" not in receiver.received[0].headers
    assert json.loads(receiver.received[0].body)["type"] == "incident.opened"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, SendOutcome.SENT),
        (204, SendOutcome.SENT),
        (301, SendOutcome.RETRY),
        (400, SendOutcome.REFUSED),
        (401, SendOutcome.RETRY),
        (404, SendOutcome.RETRY),
        (410, SendOutcome.GONE),
        (413, SendOutcome.REFUSED),
        (422, SendOutcome.REFUSED),
        (429, SendOutcome.RETRY),
        (500, SendOutcome.RETRY),
        (503, SendOutcome.RETRY),
    ],
)
def test_what_a_status_means(status: int, outcome: SendOutcome) -> None:
    assert outcome_of(status) is outcome


async def test_a_redirect_is_not_followed(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.replies.append(Reply(status=307, headers={"location": receiver.url("/other")}))
    result = await attempt(client, receiver.url())
    assert (result.outcome, result.status) == (SendOutcome.RETRY, 307)
    assert len(receiver.received) == 1


async def test_retry_after_is_handed_on(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.replies.append(Reply(status=429, headers={"retry-after": "30"}))
    result = await attempt(client, receiver.url())
    assert (result.status, result.retry_after) == (429, timedelta(seconds=30))


async def test_a_dropped_connection_is_tried_again(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.replies.append(Reply(drop=True))
    result = await attempt(client, receiver.url("/secret-path"))
    assert (result.outcome, result.status) == (SendOutcome.RETRY, None)
    assert "RemoteProtocolError" in result.reason
    assert "secret-path" not in result.reason


async def test_a_receiver_that_says_nothing_runs_into_the_limit(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.replies.append(Reply(hang=True))
    result = await attempt(client, receiver.url(), limit_s=0.1)
    assert (result.outcome, result.reason) == (SendOutcome.RETRY, "no answer within 0.1 s")


async def test_a_body_that_never_ends_does_not_undo_a_success(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.replies.append(Reply(stall=True))
    result = await attempt(client, receiver.url(), limit_s=0.2)
    assert (result.outcome, result.status) == (SendOutcome.SENT, 200)


async def test_only_the_beginning_of_an_answer_is_read(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.replies.append(Reply(body=b"x" * 1_000_000))
    result = await attempt(client, receiver.url())
    assert result.outcome is SendOutcome.SENT
    assert result.answer == "x" * 8192


async def test_an_answer_that_is_no_text_is_kept_readable(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.replies.append(Reply(status=500, body=b"\xff\xfe!"))
    assert (await attempt(client, receiver.url())).answer == "��!"


async def test_an_answer_that_repeats_the_address_is_shown_without_it(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.replies.append(Reply(status=404, body=b"no hook /secret-path here"))
    answer = (await attempt(client, receiver.url("/secret-path"))).answer
    assert answer == "no hook /••• here"


async def test_nobody_listening_is_tried_again(client: httpx.AsyncClient) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    result = await attempt(client, f"http://127.0.0.1:{port}/")
    assert result.outcome is SendOutcome.RETRY
    assert "ConnectError" in result.reason


async def test_an_address_inside_is_refused_at_once(receiver: WebhookReceiver) -> None:
    async with guarded_client(GuardPolicy()) as strict:
        result = await attempt(strict, receiver.url("/secret-path"))
    assert result.outcome is SendOutcome.REFUSED
    assert result.reason.startswith("not allowed")
    assert receiver.received == []


@pytest.mark.parametrize(
    ("url", "secrets", "reason"),
    [
        (None, (), "no address"),
        ("ftp://example.org/secret-path", (), "not allowed"),
        ("http://[::1/secret-path", (), "not an http"),
        ("http://example.org/", ("whsec_short",), "signing secret"),
    ],
)
async def test_a_channel_that_cannot_be_used_is_refused_with_its_reason(
    client: httpx.AsyncClient, url: str | None, secrets: tuple[str, ...], reason: str
) -> None:
    result = await attempt(client, url, *secrets)
    assert result.outcome is SendOutcome.REFUSED
    assert reason in result.reason
    assert "secret-path" not in result.reason


@pytest.mark.parametrize(
    ("value", "wish"),
    [
        (None, None),
        ("120", timedelta(seconds=120)),
        (" 5 ", timedelta(seconds=5)),
        ("99999999999999999999", timedelta(days=365)),
        ("Fri, 01 Mar 2024 02:01:00 GMT", timedelta(minutes=1)),
        ("Fri, 01 Mar 2024 02:01:00 -0000", timedelta(minutes=1)),
        ("Fri, 01 Mar 2024 01:00:00 GMT", timedelta(0)),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after(value: str | None, wish: timedelta | None) -> None:
    assert parse_retry_after(value, at=START) == wish
