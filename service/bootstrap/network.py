"""What reaches other machines: the fetcher, and the senders of pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from crawlers.fetch import FetchPolicy, GuardPolicy, HttpFetcher, guarded_client
from service.bootstrap.ground import Ground
from service.clock import Clock
from service.delivery import RecordingSender, Sender, WebhookSender
from service.delivery.routing import CANARY_KIND
from service.monitoring.canary import CanaryPerch
from service.settings import Settings

_WEBHOOK_TIMEOUT_S = 20.0


class Closable(Protocol):
    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`senders` are by channel kind; where nothing leaves, all of them are the recorder."""

    fetcher: HttpFetcher
    webhook_client: Closable
    recorder: RecordingSender
    senders: Mapping[str, Sender]


def open_fetcher(settings: Settings, *, clock: Clock, chance: Callable[[], float]) -> HttpFetcher:
    """What sources get bytes with."""
    policy = FetchPolicy(
        contact=settings.user_agent_contact or None,
        guard=GuardPolicy(allow_networks=settings.fetch_allow_networks),
    )
    return HttpFetcher(policy, now=clock.now, sleep=clock.sleep, random=chance)


def open_network(ground: Ground) -> Network:
    """Clients that reach public addresses, and of private ones those that the settings name."""
    settings, clock = ground.settings, ground.clock
    client = guarded_client(
        GuardPolicy(allow_networks=settings.webhook_allow_networks), timeout=_WEBHOOK_TIMEOUT_S
    )
    recorder = RecordingSender()
    return Network(
        fetcher=open_fetcher(settings, clock=clock, chance=ground.chance),
        webhook_client=client,
        recorder=recorder,
        senders={
            "recording": recorder,
            CANARY_KIND: CanaryPerch(),
            "webhook": WebhookSender(client, clock=clock) if ground.leaving else recorder,
        },
    )
