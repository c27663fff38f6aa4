"""What is delivered, to whom, and how an attempt may end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from service.events import EventType
from service.metrics import deliveries, delivery_seconds


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"
    """It need not arrive any more: somebody answered first, or the receiver knows already."""


class SendOutcome(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    """The receiver said that it has the message."""
    RETRY = "retry"
    """It did not, and another attempt may fare better."""
    REFUSED = "refused"
    """It said no, and would say no to the same bytes again."""
    GONE = "gone"
    """It wants nothing from us any more."""
    NEEDLESS = "needless"
    """Nothing was sent: the receiver stands already as the message would have it."""


class DeliveryNews(StrEnum):
    """What people are told of a delivery."""

    SENT = "sent"
    FAILING = "failing"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"
    """Kept in the log only: nobody misses anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTarget:
    """A channel with everything needed to send: `url` and `secrets` are in the clear here only.

    `events` empty means all but the heartbeat. A higher rank is a graver tier. `switched_off` is
    by Fengsui, after long failure: until a person turns it on again its `fallback` stands in.
    """

    id: str
    kind: str
    url: str | None = None
    secrets: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    minimum_rank: int | None = None
    drill: bool = False
    enabled: bool = True
    fallback: str | None = None
    fallback_after: int = 2
    switched_off: bool = False
    alerts: bool = False
    robot: str | None = None

    def __repr__(self) -> str:
        return f"ChannelTarget(id={self.id!r}, kind={self.kind!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a sender sends. `id` is the same at every attempt and on every channel.

    `person` is the user whom it is meant for, if it is for one. A message with `parts` is a
    digest: it stands for them, has the type of the gravest and no data of its own.
    """

    id: str
    type: EventType
    occurred_at: datetime
    data: Mapping[str, Any]
    person: str | None = None
    parts: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEvent:
    """A message in the outbox with what routing looks at.

    `only_channels` addresses it: these and no others; None leaves it to what channels want.
    """

    message: Message
    incident_id: str | None
    tier_rank: int | None
    drill: bool
    only_channels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """One attempt. `answer` is what the receiver said, `reason` our own words for a failure.

    Neither holds the channel's address, which is a secret. `retry_after` is the receiver's wish.
    """

    outcome: SendOutcome
    status: int | None = None
    answer: str = ""
    reason: str = ""
    retry_after: timedelta | None = None
    duration_ms: float = 0.0


class Sender(Protocol):
    """Sends to channels of one kind."""

    async def send(
        self, channel: ChannelTarget, message: Message, *, at: datetime
    ) -> SendResult: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """News of a delivery for the incident's timeline."""

    delivery_id: str
    news: DeliveryNews
    event: OutboxEvent
    channel_id: str
    channel_kind: str | None
    attempts: int
    reason: str
    at: datetime
    handed_to: str | None = None
    """The channel that has the message from now on too, as this one fails."""


LoadChannels = Callable[[], Awaitable[list[ChannelTarget]]]
Announce = Callable[[AsyncConnection, DeliveryReport], Awaitable[None]]
"""Writes news into other tables, in the transaction that records the attempt."""
Disable = Callable[[AsyncConnection, str, str, datetime], Awaitable[None]]
"""(connection, channel id, reason, at): switches a channel off whose receiver is gone."""
ObserveDelivery = Callable[[str, str, float | None], None]
"""(channel kind, outcome, seconds that the attempt took, None when nothing was sent)."""


async def unannounced(connection: AsyncConnection, report: DeliveryReport) -> None:
    """Tells nobody."""


async def left_enabled(
    connection: AsyncConnection, channel_id: str, reason: str, at: datetime
) -> None:
    """Leaves the channel as it is; what is sent to it later will be refused again."""


def count(kind: str, outcome: str, seconds: float | None) -> None:
    """Put an attempt into the metrics."""
    deliveries.labels(channel_kind=kind, outcome=outcome).inc()
    if seconds is not None:
        delivery_seconds.labels(channel_kind=kind).observe(seconds)
