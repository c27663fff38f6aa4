"""What an indicator is: its name, its unit, what it is made from, and when it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class IndicatorId(StrEnum):
    VOLUME = "volume"
    DISTINCT_TEXTS = "distinct_texts"
    REACH = "reach"
    ENGAGEMENT = "engagement"
    NET_SENTIMENT = "net_sentiment"
    EMOTION_MIX = "emotion_mix"
    NEGATIVE_SHARE = "negative_share"
    SHARE_OF_VOICE = "share_of_voice"
    SOURCE_MIX = "source_mix"
    TOPIC_MIX = "topic_mix"
    RESPONSE_TIMES = "response_times"
    BREACH_RATE = "breach_rate"
    RECURRENCE_RATE = "recurrence_rate"
    COVERAGE = "coverage"
    COMPLAINTS_PER_1000 = "complaints_per_1000"


class Unit(StrEnum):
    """`share` is from 0 to 1, `balance` from -1 to 1."""

    POSTS = "posts"
    PEOPLE = "people"
    ACTS = "acts"
    SHARE = "share"
    BALANCE = "balance"
    SECONDS = "seconds"
    PER_THOUSAND = "per_thousand"


class Direction(StrEnum):
    """Which way is bad. `neither` has thresholds from below all the same: much of it is news."""

    HIGHER_IS_WORSE = "higher_is_worse"
    LOWER_IS_WORSE = "lower_is_worse"
    NEITHER = "neither"


class Origin(StrEnum):
    """Where the ingredients are: what a window costs, and what stands behind the number."""

    POSTS = "posts"
    RIVALS = "rivals"
    """Posts of this monitor and of those of other brands."""
    INCIDENTS = "incidents"
    STEPS = "steps"
    FEEDS = "feeds"


class Measured(StrEnum):
    """What thresholds are compared with: the value, or its change since the window before, as a
    part of what it was then (1 is twice as much)."""

    VALUE = "value"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Yellow, orange and red; None is a level that is never reached."""

    yellow: float | None
    orange: float | None
    red: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One indicator. `least` is the smallest n that says something; n counts `counted`.

    `watched` is the window that thresholds look at, ending at the time of the look.
    """

    id: IndicatorId
    name: Mapping[str, str]
    unit: Unit
    direction: Direction
    origin: Origin
    made_from: str
    formula: str
    source: str | None
    counted: str
    least: int
    measured: Measured
    levels: Levels
    watched: timedelta
