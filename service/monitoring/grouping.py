"""What a match means for the incidents that there are: open, join, raise, or leave alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from service.incidents.lifecycle import State
from service.incidents.model import UNCLASSIFIED, Incident

TAKING_MAX = timedelta(hours=24)
INSIDE_FOR = timedelta(hours=4)
_HOUR = timedelta(hours=1)
EXPLAINED_FROM = 0.1
"""Words give a scenario to a part of a crowd only: where named incidents hold this share of the
whole monitor's negative hour, the rest is taken for the same talk. A small incident beside a big
unnamed crisis must not hide it."""
RESUME_FOR = timedelta(hours=1)
"""A false alarm that a person has dismissed is not raised again by the very same talk so soon."""


class Move(StrEnum):
    OPEN = "open"
    JOIN = "join"
    RAISE = "raise"
    LEAVE = "leave"


class Reason(StrEnum):
    NEW_BURST = "a rule matched and no incident takes its posts"
    LINKED_BURST = "a rule matched again after the last incident stopped taking posts"
    SAME_INCIDENT = "an incident of this scenario still takes posts"
    HIGHER_TIER = "a matching rule asks for a higher tier"
    STRAGGLER = "only posts from before the last incident stopped taking"
    NAMED_ALREADY = "a named incident of this monitor takes these posts"
    DISMISSED = "a person has just said that this is no incident"
    COOLING = "its rules wait before they open another one of this tier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the rules ask for in one segment; `explanation` is JSON, where one was made.

    `cool_down` is for how long after an incident of this tier they ask for no other.
    """

    scenario: str
    tier: str
    rank: int
    reasons: tuple[Mapping[str, Any], ...]
    first_post_at: datetime
    last_post_at: datetime
    explanation: Mapping[str, Any] | None = None
    cool_down: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One move with its reason; `incident` is the one concerned, for OPEN the previous one."""

    move: Move
    reason: Reason
    incident: Incident | None = None


def decide(
    asked: Asked,
    *,
    latest: Incident | None,
    explained: float = 0.0,
    now: datetime,
) -> Decision:
    """Decide for one segment of one monitor.

    `latest` is the incident of the segment: the one that takes its posts, or else the newest.
    `explained` is, for the whole monitor, the share of its negative hour that lies in scenarios
    with an incident of their own.
    """
    same = latest if latest is not None and latest.is_taking else None
    if same is not None:
        if asked.rank > same.floor_rank:
            return Decision(move=Move.RAISE, reason=Reason.HIGHER_TIER, incident=same)
        return Decision(move=Move.JOIN, reason=Reason.SAME_INCIDENT, incident=same)
    if asked.scenario == UNCLASSIFIED and explained >= EXPLAINED_FROM:
        return Decision(move=Move.LEAVE, reason=Reason.NAMED_ALREADY)
    if latest is None or latest.taking_ended_at is None:
        return Decision(move=Move.OPEN, reason=Reason.NEW_BURST)
    if latest.state is State.FALSE_POSITIVE and now - latest.taking_ended_at < RESUME_FOR:
        return Decision(move=Move.LEAVE, reason=Reason.DISMISSED, incident=latest)
    if asked.last_post_at <= latest.taking_ended_at:
        return Decision(move=Move.LEAVE, reason=Reason.STRAGGLER, incident=latest)
    cooling = now - latest.taking_ended_at < asked.cool_down
    if cooling and asked.rank <= latest.floor_rank:
        return Decision(move=Move.LEAVE, reason=Reason.COOLING, incident=latest)
    return Decision(move=Move.OPEN, reason=Reason.LINKED_BURST, incident=latest)


def burns_on(incident: Incident, still_on: Set[str]) -> bool:
    """Whether a rule that asked for the incident's tier has not let go yet, among `still_on`."""
    asking = {name for reason in incident.reasons for name in reason.get("rules", ())}
    return not asking.isdisjoint(still_on)


class TakingEnd(StrEnum):
    """Why an incident stops taking posts."""

    CONTAINED = "four hours back inside the baseline"
    TOO_LONG = "twenty-four hours since it was opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calm:
    """What the mood of the last hour means for one taking incident."""

    inside_since: datetime | None
    end: TakingEnd | None


def assess_calm(incident: Incident, *, is_inside: bool, now: datetime) -> Calm:
    """Keep the quiet-time book of one incident: when calm began, and whether taking ends now.

    `is_inside` judges the hour before `now`, so calm began with that hour at the latest.
    """
    began = incident.inside_since or max(incident.began_at, now - _HOUR)
    inside_since = began if is_inside else None
    if inside_since is not None and now - inside_since >= INSIDE_FOR:
        return Calm(inside_since=inside_since, end=TakingEnd.CONTAINED)
    if incident.is_taking and now - incident.began_at >= TAKING_MAX:
        return Calm(inside_since=inside_since, end=TakingEnd.TOO_LONG)
    return Calm(inside_since=inside_since, end=None)
