"""Which channel wants which event."""

from __future__ import annotations

import pytest

from service.delivery import ChannelTarget, Message, RoutingReason, wants
from service.delivery.model import OutboxEvent
from service.delivery.routing import recipients
from service.events import EventType
from tests.support.clock import START

OPENED = EventType.INCIDENT_OPENED
HEARTBEAT = EventType.SERVICE_HEARTBEAT
COMPLAINT = EventType.COMPLAINT_OPENED


def event(
    type_=OPENED,
    *,
    rank: int | None = 2,
    drill: bool = False,
    only: tuple[str, ...] | None = None,
    state: str | None = None,
) -> OutboxEvent:
    data = {} if state is None else {"incident": {"state": state}}
    message = Message(id="msg_1", type=type_, occurred_at=START, data=data)
    return OutboxEvent(
        message=message, incident_id="inc_1", tier_rank=rank, drill=drill, only_channels=only
    )


def channel(**changes) -> ChannelTarget:
    return ChannelTarget(id="chn_1", kind="webhook", **changes)


@pytest.mark.parametrize(
    ("target", "of", "reason"),
    [
        (channel(), event(), RoutingReason.WANTED),
        (channel(enabled=False), event(), RoutingReason.DISABLED),
        (channel(), event(HEARTBEAT, rank=None), RoutingReason.EVENT_NOT_CHOSEN),
        (channel(events=(HEARTBEAT,)), event(HEARTBEAT, rank=None), RoutingReason.WANTED),
        (channel(), event(COMPLAINT, rank=1), RoutingReason.EVENT_NOT_CHOSEN),
        (channel(events=(COMPLAINT,)), event(COMPLAINT, rank=1), RoutingReason.WANTED),
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
        (channel(), event(only=("chn_1", "chn_2")), RoutingReason.WANTED),
        (channel(), event(only=("chn_2",)), RoutingReason.NOT_ADDRESSED),
        (channel(), event(only=()), RoutingReason.NOT_ADDRESSED),
        (channel(events=("step.due",)), event(only=("chn_1",)), RoutingReason.WANTED),
        (channel(minimum_rank=4), event(only=("chn_1",)), RoutingReason.WANTED),
        (channel(enabled=False), event(only=("chn_1",)), RoutingReason.DISABLED),
        (channel(drill=True), event(only=("chn_1",)), RoutingReason.DRILLS_ONLY),
    ],
)
def test_routing(target: ChannelTarget, of: OutboxEvent, reason: RoutingReason) -> None:
    routing = wants(target, of)
    assert routing.reason is reason
    assert routing.wanted is (reason is RoutingReason.WANTED)


CLOSED, UPDATED, DONE = (
    EventType.INCIDENT_CLOSED,
    EventType.INCIDENT_UPDATED,
    EventType.STEP_DONE,
)


@pytest.mark.parametrize(
    ("of", "alerted", "reason"),
    [
        (event(), False, RoutingReason.WANTED),
        (event(rank=1), False, RoutingReason.BELOW_MINIMUM_TIER),
        (event(EventType.INCIDENT_PAGED, only=("chn_1",)), False, RoutingReason.WANTED),
        (event(EventType.STEP_DUE), True, RoutingReason.NOT_FOR_PAGERS),
        (event(EventType.STEP_DUE, only=("chn_1",)), True, RoutingReason.NOT_FOR_PAGERS),
        (event(EventType.ROTA_HANDED_OVER, rank=None), True, RoutingReason.NOT_FOR_PAGERS),
        (event(EventType.INCIDENT_ACKNOWLEDGED, rank=1), True, RoutingReason.WANTED),
        (event(CLOSED, rank=1, only=("other",)), True, RoutingReason.WANTED),
        (event(CLOSED), False, RoutingReason.NO_ALERT),
        (event(CLOSED, drill=True), True, RoutingReason.NO_DRILLS),
        (event(DONE, state="closed"), True, RoutingReason.WANTED),
        (event(DONE, state="responding"), True, RoutingReason.NOT_FOR_PAGERS),
        (event(UPDATED, state="resolved"), True, RoutingReason.WANTED),
        (event(UPDATED), True, RoutingReason.NOT_FOR_PAGERS),
        (event(EventType.COVERAGE_LOST, rank=None), False, RoutingReason.WANTED),
        (event(EventType.COVERAGE_RESTORED, rank=1), False, RoutingReason.WANTED),
    ],
)
def test_a_pager_has_what_calls_and_the_end_of_what_it_was_told_of(
    of: OutboxEvent, alerted: bool, reason: RoutingReason
) -> None:
    pager = channel(alerts=True, minimum_rank=2)
    assert wants(pager, of, alerted=alerted).reason is reason


def test_a_pager_stands_in_for_calls_alone() -> None:
    channels = [off("a", "b"), named("b", alerts=True, fallback="c"), named("c", events=("x",))]
    assert recipients(event(), channels) == {"b": None}
    assert recipients(event(EventType.STEP_DUE), channels) == {"c": "a"}


def test_a_channel_shows_neither_its_address_nor_its_secrets() -> None:
    target = channel(url="https://hooks.example.org/T0P", secrets=("whsec_AAAA",))
    assert "T0P" not in repr(target)
    assert "whsec" not in repr(target)


def named(name: str, **changes) -> ChannelTarget:
    return ChannelTarget(id=name, kind="webhook", **changes)


def off(name: str, fallback: str | None, **changes) -> ChannelTarget:
    return named(name, fallback=fallback, enabled=False, switched_off=True, **changes)


@pytest.mark.parametrize(
    ("channels", "of", "found"),
    [
        ([named("a"), named("b")], event(), {"a": None, "b": None}),
        ([off("a", "b"), named("b", events=("step.due",))], event(), {"b": "a"}),
        ([off("a", "b"), named("b")], event(), {"b": None}),
        ([off("a", "b"), off("b", "c"), named("c", events=("step.due",))], event(), {"c": "a"}),
        ([off("a", "b"), off("b", "a")], event(), {}),
        ([off("a", "gone")], event(), {}),
        ([off("a", None)], event(), {}),
        ([off("a", "b"), named("b", drill=True)], event(), {}),
        ([off("a", "b", minimum_rank=4), named("b", minimum_rank=4)], event(), {}),
        ([named("a", enabled=False, fallback="b"), named("b", minimum_rank=4)], event(), {}),
        ([off("a", "b"), named("b")], event(only=("a",)), {"b": "a"}),
    ],
)
def test_a_channel_switched_off_by_failure_hands_on(
    channels: list[ChannelTarget], of: OutboxEvent, found: dict[str, str | None]
) -> None:
    assert recipients(of, channels) == found
