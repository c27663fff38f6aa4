"""Which channel wants which event: a pure decision with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.delivery.model import ChannelTarget, OutboxEvent
from service.events import EventType

CANARY_KIND = "canary"
"""The kind of the hidden channel at which the synthetic post arrives; people can make none."""


class RoutingReason(StrEnum):
    WANTED = "wanted"
    DISABLED = "disabled"
    DRILLS_ONLY = "drills_only"
    """A channel for drills hears nothing real: whoever reads it must not take it for practice."""
    NO_DRILLS = "no_drills"
    EVENT_NOT_CHOSEN = "event_not_chosen"
    BELOW_MINIMUM_TIER = "below_minimum_tier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    wanted: bool
    reason: RoutingReason


def wants(channel: ChannelTarget, event: OutboxEvent) -> Routing:
    """Whether `channel` is to have `event`; an event without a tier passes any minimum."""
    reason = _reason(channel, event)
    return Routing(wanted=reason is RoutingReason.WANTED, reason=reason)


def _reason(channel: ChannelTarget, event: OutboxEvent) -> RoutingReason:
    if not channel.enabled:
        return RoutingReason.DISABLED
    kind = event.message.type
    if kind is EventType.SERVICE_CANARY:
        # Nobody is told of it, whatever they have chosen: only its own hidden channel.
        wanted = channel.kind == CANARY_KIND
        return RoutingReason.WANTED if wanted else RoutingReason.EVENT_NOT_CHOSEN
    heartbeat = kind is EventType.SERVICE_HEARTBEAT
    # A heartbeat is neither drill nor real: a channel that names it has it.
    if event.drill != channel.drill and not heartbeat:
        return RoutingReason.NO_DRILLS if event.drill else RoutingReason.DRILLS_ONLY
    if channel.kind == CANARY_KIND:
        return RoutingReason.EVENT_NOT_CHOSEN
    if not (kind in channel.events if channel.events else not heartbeat):
        return RoutingReason.EVENT_NOT_CHOSEN
    minimum, rank = channel.minimum_rank, event.tier_rank
    if minimum is not None and rank is not None and rank < minimum:
        return RoutingReason.BELOW_MINIMUM_TIER
    return RoutingReason.WANTED
