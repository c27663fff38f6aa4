"""Which channel wants which event: a pure decision with its reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from service.delivery.model import ChannelTarget, OutboxEvent
from service.events import EventType

CANARY_KIND = "canary"
"""The kind of the hidden channel at which the synthetic post arrives; people can make none."""

CALLS = frozenset(
    {
        EventType.INCIDENT_OPENED,
        EventType.INCIDENT_TIER_CHANGED,
        EventType.INCIDENT_PAGED,
        EventType.INCIDENT_UNREACHED,
    }
)
"""What opens an alert at a pager, with a feed that is lost: nothing else has an end."""
_ANSWERS = frozenset(
    {
        EventType.INCIDENT_ACKNOWLEDGED,
        EventType.INCIDENT_RESOLVED,
        EventType.INCIDENT_CLOSED,
    }
)
_NEWS = frozenset({EventType.STEP_DONE, EventType.INCIDENT_UPDATED})
OVER_STATES = frozenset({"resolved", "closed", "false_positive", "merged"})
"""Of an incident, by the names that messages have for them."""
_ON_REQUEST = frozenset(
    {
        EventType.SERVICE_HEARTBEAT,
        EventType.COMPLAINT_OPENED,
        EventType.COMPLAINT_ANSWERED,
        EventType.COMPLAINT_RESOLVED,
        EventType.COMPLAINT_CLOSED,
        EventType.IMPROVEMENT_UPDATED,
        EventType.HANDOVER_UPDATED,
    }
)
"""Too many for whoever has not asked for them by name."""
_COVERAGE = frozenset({EventType.COVERAGE_LOST, EventType.COVERAGE_RESTORED})


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
    NO_ALERT = "no_alert"
    """A pager that was told of no alert which this could end."""
    NOT_FOR_PAGERS = "not_for_pagers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    wanted: bool
    reason: RoutingReason


def wants(channel: ChannelTarget, event: OutboxEvent, *, alerted: bool = False) -> Routing:
    """Whether `channel` is to have `event`; an event without a tier passes any minimum.

    `alerted`: it has been told of the incident before. A pager that has is told of the end too,
    whatever it chose: nothing else would end the alert there.
    """
    reason = _reason(channel, event, alerted=alerted)
    return Routing(wanted=reason is RoutingReason.WANTED, reason=reason)


def recipients(
    event: OutboxEvent, channels: Sequence[ChannelTarget], *, alerted: Collection[str] = ()
) -> Mapping[str, str | None]:
    """The channels that are to have `event`, by id, each with the one it stands in for, if it does.

    A channel that Fengsui has switched off hands what it would have had to its fallback, and on
    along the fallbacks; one that a person has switched off hands on nothing. `alerted` are those
    that have been told of the incident before.
    """
    known = {channel.id: channel for channel in channels}
    found: dict[str, str | None] = {
        channel.id: None
        for channel in channels
        if wants(channel, event, alerted=channel.id in alerted).wanted
    }
    for channel in channels:
        if not channel.switched_off or channel.enabled:
            continue
        would_be = replace(channel, enabled=True)
        if wants(would_be, event, alerted=channel.id in alerted).wanted:
            deputy = deputy_of(channel, known, event.message.type)
            if deputy is not None:
                found.setdefault(deputy, channel.id)
    return found


def is_answer(event: OutboxEvent) -> bool:
    """Whether it may end an alert; news of an incident that is over may, as of its late steps."""
    if event.message.type in _NEWS:
        incident = event.message.data.get("incident")
        return isinstance(incident, Mapping) and incident.get("state") in OVER_STATES
    return event.message.type in _ANSWERS


def deputy_of(
    channel: ChannelTarget, known: Mapping[str, ChannelTarget], kind: EventType
) -> str | None:
    """The first channel along the fallbacks that is enabled and can be told of events of `kind`, as
    far as they are of one kind of use.
    """
    seen = {channel.id}
    while channel.fallback is not None and channel.fallback not in seen:
        following = known.get(channel.fallback)
        if following is None or following.drill != channel.drill:
            return None
        if following.enabled and (not following.alerts or _calls(kind)):
            return following.id
        seen.add(following.id)
        channel = following
    return None


def _calls(kind: EventType) -> bool:
    return kind in CALLS or kind in _COVERAGE


def _for_pagers(event: OutboxEvent, *, alerted: bool) -> RoutingReason | None:
    """What is decided of an event for a pager whatever it chose; None leaves it to that."""
    kind = event.message.type
    if kind is EventType.COVERAGE_RESTORED:
        return RoutingReason.WANTED
    if is_answer(event):
        return RoutingReason.WANTED if alerted else RoutingReason.NO_ALERT
    return None if _calls(kind) else RoutingReason.NOT_FOR_PAGERS


def _reason(channel: ChannelTarget, event: OutboxEvent, *, alerted: bool) -> RoutingReason:
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
    if channel.alerts:
        decided = _for_pagers(event, alerted=alerted)
        if decided is not None:
            return decided
    if event.only_channels is not None:
        # Somebody has decided whom to page: what the channel wants by itself is not asked.
        addressed = channel.id in event.only_channels
        return RoutingReason.WANTED if addressed else RoutingReason.NOT_ADDRESSED
    if not (kind in channel.events if channel.events else kind not in _ON_REQUEST):
        return RoutingReason.EVENT_NOT_CHOSEN
    minimum, rank = channel.minimum_rank, event.tier_rank
    if minimum is not None and rank is not None and rank < minimum:
        return RoutingReason.BELOW_MINIMUM_TIER
    return RoutingReason.WANTED
