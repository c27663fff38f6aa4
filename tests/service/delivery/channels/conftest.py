"""A guarded client that may reach loopback, and a receiver there."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator

import httpx
import pytest

from crawlers.fetch.guard import GuardPolicy, guarded_client
from service.clock import SystemClock
from service.delivery.channels import Exchange
from tests.support.webhook_receiver import WebhookReceiver, webhook_receiver

LOOPBACK = GuardPolicy(allow_networks=(ipaddress.ip_network("127.0.0.0/8"),))


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with webhook_receiver() as listening:
        yield listening


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with guarded_client(LOOPBACK) as opened:
        yield opened


@pytest.fixture
def exchange(client: httpx.AsyncClient) -> Exchange:
    return Exchange(client, clock=SystemClock(), limit_s=0.5)
