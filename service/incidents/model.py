"""Incidents as values. All instants are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.incidents.lifecycle import State


class Kind(StrEnum):
    """What an incident is about; only a crisis has a scenario."""

    CRISIS = "crisis"
    COVERAGE = "coverage"
    BACKLOG = "backlog"
    PERSON_AT_RISK = "person_at_risk"


UNCLASSIFIED = "unclassified"
"""The scenario of a crisis that nobody has named yet."""

SYSTEM_ACTOR = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident. `reasons` are JSON objects with clause, value and threshold.

    `segment` names the posts that it takes and stays when a person names another scenario; of an
    incident without a scenario it names the subject: which queue, or which person (a hash).
    `every_mood` says that an unclassified one takes every post, and not negative ones alone.
    `held_rank` is the rank that a person has lowered it from: rules raise it only above that.
    `reached_nobody_at` is set while every page about it has failed: somebody must be told by hand.
    """

    id: str
    kind: Kind
    drill: bool
    monitor_id: str
    scenario: str | None
    segment: str | None = None
    every_mood: bool = False
    title: str
    tier: str
    tier_rank: int
    held_rank: int | None = None
    state: State
    reasons: tuple[Mapping[str, Any], ...]
    posts: int
    first_post_id: str | None
    first_post_at: datetime
    opened_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    responding_at: datetime | None = None
    monitoring_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    last_post_at: datetime | None
    inside_since: datetime | None = None
    contained_at: datetime | None = None
    reopened_at: datetime | None = None
    taking_ended_at: datetime | None = None
    assignee: str | None = None
    merged_into: str | None = None
    previous_id: str | None
    next_due_at: datetime | None = None
    reached_nobody_at: datetime | None = None
    updated_at: datetime
    version: int

    @property
    def floor_rank(self) -> int:
        """Rules raise the tier only above this rank."""
        return max(self.tier_rank, self.held_rank or 0)

    @property
    def began_at(self) -> datetime:
        """When it began, the last time that it did: what counts from there begins anew."""
        return self.reopened_at or self.opened_at

    @property
    def is_taking(self) -> bool:
        """Whether new posts still join it."""
        return self.taking_ended_at is None

    @property
    def is_private(self) -> bool:
        """Whether only its rota may see it, and nothing that was said in it leaves."""
        return self.kind is Kind.PERSON_AT_RISK


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChange:
    """One line of the incident's tier history, oldest first.

    `explanation` is the JSON that monitoring froze with it; None for what a person decided.
    """

    tier: str
    at: datetime
    actor: str
    reasons: tuple[Mapping[str, Any], ...]
    explanation: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A post as it stood when it was taken: `snapshot` is masked JSON, `sha256` is over it.

    `deleted_at` is when its source was found to have it no longer; the snapshot stays.
    """

    post_id: str
    at: datetime
    copy_group: str
    snapshot: Mapping[str, Any]
    sha256: str
    not_about_us: bool = False
    marked_by: str | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """What happened, when and by whom."""

    id: int
    at: datetime
    kind: str
    actor: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Everything needed to open an incident.

    `subject` tells incidents of a kind without scenarios apart: a queue, or a person (a hash).
    One that takes no posts from the beginning says so with `taking_ended_at`.
    """

    kind: Kind
    monitor_id: str
    scenario: str | None
    subject: str | None = None
    every_mood: bool = False
    title: str
    tier: str
    tier_rank: int
    reasons: tuple[Mapping[str, Any], ...]
    posts: int
    first_post_id: str | None
    first_post_at: datetime
    last_post_at: datetime | None
    previous_id: str | None = None
    taking_ended_at: datetime | None = None
    drill: bool = False
    evidence: tuple[Evidence, ...] = ()
    explanation: Mapping[str, Any] | None = None
