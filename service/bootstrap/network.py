"""What reaches other machines: the fetcher, and the senders of pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from crawlers.fetch import FetchPolicy, GuardPolicy, HttpFetcher, guarded_client
from service.auth import KeyRing
from service.bootstrap.ground import Ground
from service.bootstrap.standings import StandingsNow
from service.clock import Clock
from service.db import Database
from service.delivery import ChannelTarget, RecordingSender, Sender, WebhookSender
from service.delivery.asking import Asking
from service.delivery.channels import (
    KINDS,
    Cards,
    CardStep,
    DingTalkSender,
    Exchange,
    FeishuSender,
    Links,
    MailSender,
    PagerDutySender,
    SlackSender,
    TemplateSender,
    WeComSender,
    limits_of,
    terms_of,
)
from service.delivery.deliverer import unlimited
from service.delivery.pacing import Limit
from service.delivery.routing import CANARY_KIND
from service.monitoring.canary import CanaryPerch
from service.response import repository as response_rows
from service.settings import Settings

_WEBHOOK_TIMEOUT_S = 20.0


class Closable(Protocol):
    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`senders` are by channel kind; where nothing leaves, all of them are the recorder, and
    nothing is limited. `links` reads the acknowledge links that pages carry.
    """

    fetcher: HttpFetcher
    webhook_client: Closable
    asking: Asking
    """For programs of others, over the client that webhooks go by."""
    recorder: RecordingSender
    senders: Mapping[str, Sender]
    links: Links
    limits_of: Callable[[ChannelTarget], Sequence[Limit]]


def open_fetcher(settings: Settings, *, clock: Clock, chance: Callable[[], float]) -> HttpFetcher:
    """What sources get bytes with."""
    policy = FetchPolicy(
        contact=settings.user_agent_contact or None,
        guard=GuardPolicy(allow_networks=settings.fetch_allow_networks),
    )
    return HttpFetcher(policy, now=clock.now, sleep=clock.sleep, random=chance)


def open_network(ground: Ground, keyring: KeyRing) -> Network:
    """Clients that reach public addresses, and of private ones those that the settings name."""
    settings, clock = ground.settings, ground.clock
    guard = GuardPolicy(allow_networks=settings.webhook_allow_networks)
    client = guarded_client(guard, timeout=_WEBHOOK_TIMEOUT_S)
    recorder = RecordingSender()
    links = Links(
        sign=partial(keyring.signature, "acknowledge links"), public_url=settings.public_url
    )
    cards = Cards(
        terms=terms_of(ground.library),
        zone=settings.zone,
        links=links,
        steps=partial(_open_steps, ground.database),
    )
    exchange = Exchange(client, clock=clock)
    leaving: Mapping[str, Sender] = {
        "webhook": WebhookSender(client, clock=clock),
        "json": TemplateSender(exchange, cards),
        "dingtalk": DingTalkSender(exchange, cards),
        "feishu": FeishuSender(exchange, cards),
        "wecom": WeComSender(exchange, cards),
        "slack": SlackSender(exchange, cards),
        "pagerduty": PagerDutySender(exchange, cards, standings=StandingsNow(ground.database)),
        "email": MailSender(cards, clock=clock, guard=guard),
    }
    staying = dict.fromkeys(KINDS, recorder)
    return Network(
        fetcher=open_fetcher(settings, clock=clock, chance=ground.chance),
        webhook_client=client,
        asking=Asking(client),
        recorder=recorder,
        senders={
            **staying,
            **(leaving if ground.leaving else {}),
            CANARY_KIND: CanaryPerch(),
        },
        links=links,
        limits_of=limits_of if ground.leaving else unlimited,
    )


async def _open_steps(database: Database, incident_id: str) -> Sequence[CardStep]:
    """What a page says is to be done: the open steps, the next one to fall due first."""
    async with database.read() as connection:
        steps = await response_rows.steps_of(connection, incident_id)
    pending = [step for step in steps if step.state in {"pending", "breached"}]
    timed = [CardStep(title=step.title, due_at=step.due_at) for step in pending if step.due_at]
    untimed = [CardStep(title=step.title, due_at=None) for step in pending if not step.due_at]
    return sorted(timed, key=_due) + untimed


def _due(step: CardStep) -> datetime:
    return step.due_at or datetime.max.replace(tzinfo=UTC)
