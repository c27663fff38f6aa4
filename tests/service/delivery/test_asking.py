"""Calls of programs of others over loopback: any method, nothing of our secrets in the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from crawlers.fetch import GuardPolicy, guarded_client, parse_networks
from service.delivery.asking import MOST_BYTES, Asking
from service.delivery.client import Answer, NoAnswer
from tests.support.webhook_receiver import Reply, WebhookReceiver, webhook_receiver


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with webhook_receiver() as found:
        yield found


@pytest_asyncio.fixture
async def asking() -> AsyncIterator[Asking]:
    policy = GuardPolicy(allow_networks=parse_networks(["127.0.0.0/8"]))
    client = guarded_client(policy, timeout=5.0)
    try:
        yield Asking(client, limit_s=1.0)
    finally:
        await client.aclose()


async def test_a_call_with_a_body(asking: Asking, receiver: WebhookReceiver) -> None:
    headers = {"Authorization": "Bearer s3cret-token"}
    receiver.replies.append(Reply(status=422, body=b"no s3cret-token here"))
    found = await asking.ask(
        "PATCH",
        receiver.url("/issues/1"),
        headers=headers,
        body={"状态": "closed"},
        secrets=("s3cret-token",),
    )
    assert found == Answer(status=422, text="no ••• here", retry_after=None)
    request = receiver.received[0]
    assert (request.method, request.path) == ("PATCH", "/issues/1")
    assert request.body.decode() == '{"状态":"closed"}'
    assert request.headers["authorization"] == "Bearer s3cret-token"


async def test_a_call_without_a_body(asking: Asking, receiver: WebhookReceiver) -> None:
    receiver.replies.append(Reply(body=b"a" * (MOST_BYTES + 10)))
    found = await asking.ask("GET", receiver.url("/issues?q=1"), headers={})
    assert isinstance(found, Answer)
    assert len(found.text) == MOST_BYTES
    assert (receiver.received[0].method, receiver.received[0].body) == ("GET", b"")
    assert "content-type" not in receiver.received[0].headers


async def test_nobody_answers(asking: Asking, receiver: WebhookReceiver) -> None:
    receiver.replies.append(Reply(drop=True))
    found = await asking.ask("GET", receiver.url("/"), headers={}, secrets=("x",))
    assert isinstance(found, NoAnswer)
    assert not found.refused


async def test_a_private_address_is_not_asked() -> None:
    client = guarded_client(GuardPolicy(), timeout=5.0)
    try:
        found = await Asking(client).ask("GET", "http://127.0.0.1:9/token-123", headers={})
    finally:
        await client.aclose()
    assert isinstance(found, NoAnswer)
    assert found.refused
