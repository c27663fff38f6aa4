"""Which channel wants which event."""

from __future__ import annotations

import pytest

from service.delivery import ChannelTarget, Message, RoutingReason, wants
from service.delivery.model import OutboxEvent
from service.events import EventType
from tests.support.clock import START

OPENED = EventType.INCIDENT_OPENED
HEARTBEAT = EventType.SERVICE_HEARTBEAT


def event(type_=OPENED, *, rank: int | None = 2, drill: bool = False) -> OutboxEvent:
    message = Message(id="msg_1", type=type_, occurred_at=START, data={})
    return OutboxEvent(message=message, incident_id="inc_1", tier_rank=rank, drill=drill)


def channel(**changes) -> ChannelTarget:
    return ChannelTarget(id="chn_1", kind="webhook", **changes)


@pytest.mark.parametrize(
    ("target", "of", "reason"),
    [
        (channel(), event(), RoutingReason.WANTED),
        (channel(enabled=False), event(), RoutingReason.DISABLED),
        (channel(), event(HEARTBEAT, rank=None), RoutingReason.EVENT_NOT_CHOSEN),
        (channel(events=(HEARTBEAT,)), event(HEARTBEAT, rank=None), RoutingReason.WANTED),
        (
            channel(events=(HEARTBEAT,), drill=True),
            event(HEARTBEAT, rank=None),
            RoutingReason.WANTED,
        ),
        (channel(events=("step.due",)), event(), RoutingReason.EVENT_NOT_CHOSEN),
        (channel(events=("step.due", "incident.opened")), event(), RoutingReason.WANTED),
        (channel(minimum_rank=3), event(rank=2), RoutingReason.BELOW_MINIMUM_TIER),
        (channel(minimum_rank=2), event(rank=2), RoutingReason.WANTED),
        (channel(minimum_rank=1), event(rank=3), RoutingReason.WANTED),
        (channel(minimum_rank=3), event(rank=None), RoutingReason.WANTED),
        (channel(), event(drill=True), RoutingReason.NO_DRILLS),
        (channel(drill=True), event(drill=True), RoutingReason.WANTED),
        (channel(drill=True), event(), RoutingReason.DRILLS_ONLY),
        (channel(drill=True, minimum_rank=3), event(drill=True), RoutingReason.BELOW_MINIMUM_TIER),
    ],
)
def test_routing(target: ChannelTarget, of: OutboxEvent, reason: RoutingReason) -> None:
    routing = wants(target, of)
    assert routing.reason is reason
    assert routing.wanted is (reason is RoutingReason.WANTED)


def test_a_channel_shows_neither_its_address_nor_its_secrets() -> None:
    target = channel(url="https://hooks.example.org/T0P", secrets=("whsec_AAAA",))
    assert "T0P" not in repr(target)
    assert "whsec" not in repr(target)
