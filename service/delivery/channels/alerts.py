"""What becomes of an alert at a pager: a pure decision over what stands here when it is sent.

A message may be sent long after it was written, and out of turn. An alert that is opened for what
is over would ring, and nothing would ever end it; so what counts is how things stand now.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from service.delivery.channels.particulars import mapping_of
from service.delivery.model import Message
from service.delivery.routing import CALLS, OVER_STATES
from service.events import EventType


class EventAction(StrEnum):
    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


class Standing(StrEnum):
    """How it stands with what a message is about."""

    WAITING = "waiting"
    """Nobody has had it yet."""
    HELD = "held"
    LAPSED = "lapsed"
    """Somebody had it, and now nobody has: the alert there may still be theirs."""
    OVER = "over"


class Standings(Protocol):
    """Asked at the moment of sending; None for what is not known."""

    async def incident(self, incident_id: str) -> Standing | None: ...

    async def feed(self, feed_id: str) -> Standing | None: ...


class UnknownStandings:
    """Knows of nothing: then the message's own words count."""

    async def incident(self, incident_id: str) -> Standing | None:
        return None

    async def feed(self, feed_id: str) -> Standing | None:
        return None


_COVERAGE = frozenset({EventType.COVERAGE_LOST, EventType.COVERAGE_RESTORED})
_ENDS = frozenset({EventType.INCIDENT_RESOLVED, EventType.INCIDENT_CLOSED})
_STEP_LATE = "step_late"
_OF_WHOEVER_HAS_IT = frozenset({_STEP_LATE, "seat", "deputy"})
"""Reasons of pages that somebody's having the incident does not answer."""


def feed_of(message: Message) -> str | None:
    """The feed that a message of coverage is about."""
    feed = mapping_of(message.data.get("feed")).get("id")
    return str(feed) if feed and message.type in _COVERAGE else None


def incident_of(message: Message) -> str | None:
    """The incident that it is about; a message of coverage is about its feed."""
    incident = mapping_of(message.data.get("incident")).get("id")
    return str(incident) if incident and feed_of(message) is None else None


def told_standing(message: Message) -> Standing:
    """How it stood when the message was written."""
    if message.type in _COVERAGE:
        lost = message.type is EventType.COVERAGE_LOST
        return Standing.WAITING if lost else Standing.OVER
    state = mapping_of(message.data.get("incident")).get("state")
    if message.type in _ENDS or state in OVER_STATES:
        return Standing.OVER
    if state in (None, "new"):
        return Standing.WAITING
    return Standing.LAPSED if message.type in CALLS else Standing.HELD


def actions_of(message: Message, standing: Standing) -> tuple[EventAction, ...]:
    """What to do to the alert of the message's key, in order; nothing where it stands as it should.

    Nobody is notified of an alert that they have acknowledged there. So to ask anew is to end it,
    and the same key opens another.
    """
    if message.data.get("test"):
        return (EventAction.TRIGGER, EventAction.RESOLVE)
    if message.type in _COVERAGE:
        if standing is Standing.OVER:
            return (EventAction.RESOLVE,)
        return (EventAction.TRIGGER,) if message.type is EventType.COVERAGE_LOST else ()
    why = mapping_of(message.data.get("page")).get("why")
    calls = message.type in CALLS
    match standing:
        case Standing.OVER:
            # A step that is late after the end, as a review is: its being done ends the alert.
            return (EventAction.TRIGGER if why == _STEP_LATE else EventAction.RESOLVE,)
        case Standing.HELD if calls and why in _OF_WHOEVER_HAS_IT:
            return (EventAction.RESOLVE, EventAction.TRIGGER)
        case Standing.HELD:
            return (EventAction.ACKNOWLEDGE,)
        case Standing.LAPSED if calls:
            return (EventAction.RESOLVE, EventAction.TRIGGER)
        case _:
            return (EventAction.TRIGGER,) if calls else ()
