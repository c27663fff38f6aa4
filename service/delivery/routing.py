"""Which channel wants which event: a pure decision with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    NOT_ADDRESSED = "not_addressed"
    """The event is for other channels, by their names."""
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


def recipients(event: OutboxEvent, channels: Sequence[ChannelTarget]) -> Mapping[str, str | None]:
    """The channels that are to have `event`, by id, each with the one it stands in for, if it does.

    A channel that Fengsui has switched off hands what it would have had to its fallback, and on
    along the fallbacks; one that a person has switched off hands on nothing.
    """
    known = {channel.id: channel for channel in channels}
    found: dict[str, str | None] = {
        channel.id: None for channel in channels if wants(channel, event).wanted
    }
    for channel in channels:
        if not channel.switched_off or channel.enabled:
            continue
        if wants(replace(channel, enabled=True), event).wanted:
            deputy = deputy_of(channel, known)
            if deputy is not None:
                found.setdefault(deputy, channel.id)
    return found


def deputy_of(channel: ChannelTarget, known: Mapping[str, ChannelTarget]) -> str | None:
    """The first enabled channel along the fallbacks, as far as they are of one kind of use."""
    seen = {channel.id}
    while channel.fallback is not None and channel.fallback not in seen:
        following = known.get(channel.fallback)
        if following is None or following.drill != channel.drill:
            return None
        if following.enabled:
            return following.id
        seen.add(following.id)
        channel = following
    return None


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
    if event.only_channels is not None:
        # Somebody has decided whom to page: what the channel wants by itself is not asked.
        addressed = channel.id in event.only_channels
        return RoutingReason.WANTED if addressed else RoutingReason.NOT_ADDRESSED
    if not (kind in channel.events if channel.events else not heartbeat):
        return RoutingReason.EVENT_NOT_CHOSEN
    minimum, rank = channel.minimum_rank, event.tier_rank
    if minimum is not None and rank is not None and rank < minimum:
        return RoutingReason.BELOW_MINIMUM_TIER
    return RoutingReason.WANTED
