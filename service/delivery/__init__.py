"""The outbox and its deliveries: who is told what, when it is tried again, what came back."""

from __future__ import annotations

from service.delivery.deliverer import Deliverer
from service.delivery.heartbeat import Heartbeat
from service.delivery.model import (
    Announce,
    ChannelTarget,
    DeliveryNews,
    DeliveryReport,
    DeliveryState,
    Disable,
    LoadChannels,
    Message,
    Sender,
    SendOutcome,
    SendResult,
)
from service.delivery.outbox import enqueue
from service.delivery.recording import Recorded, RecordingSender
from service.delivery.repository import Attempt, Backlog, Deliveries, Delivery
from service.delivery.router import Router
from service.delivery.routing import Routing, RoutingReason, wants
from service.delivery.signing import decode_secret, generate_secret, sign, verify
from service.delivery.webhook import WebhookSender

__all__ = [
    "Announce",
    "Attempt",
    "Backlog",
    "ChannelTarget",
    "Deliverer",
    "Deliveries",
    "Delivery",
    "DeliveryNews",
    "DeliveryReport",
    "DeliveryState",
    "Disable",
    "Heartbeat",
    "LoadChannels",
    "Message",
    "Recorded",
    "RecordingSender",
    "Router",
    "Routing",
    "RoutingReason",
    "SendOutcome",
    "SendResult",
    "Sender",
    "WebhookSender",
    "decode_secret",
    "enqueue",
    "generate_secret",
    "sign",
    "verify",
    "wants",
]
