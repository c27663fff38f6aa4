"""Complaints, their posts, clocks, answers and ratings as values. All instants are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.complaints.lifecycle import WAITING, Clock, State


class Origin(StrEnum):
    """How a complaint was opened."""

    RULE = "rule"
    HAND = "hand"


class Part(StrEnum):
    """What a post is to a complaint."""

    FIRST = "first"
    FURTHER = "further"
    """More by the same person."""
    COPY = "copy"
    """The same words by somebody else."""


class AnswerKind(StrEnum):
    """What was said to the person."""

    ANSWER = "answer"
    RESPONSE = "response"
    RESOLUTION = "resolution"
    TOLD = "told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One person's complaint of one cause. `author` is a keyed pseudonym, `text` is masked.

    `round` counts the beginnings of its clocks; `breaches` all clocks that ran out, in all rounds.
    `due_at` is that of the clock that runs, or when the last one stopped (`resting` 1).
    `emotion` and `intensity` are what its author feels, by the matrix; None: nothing read it.
    """

    id: str
    subject: str
    ordinal: int
    monitor_id: str
    scenario: str | None
    cause: str
    origin: Origin
    rule_id: str | None
    drill: bool
    author: str | None
    post_id: str | None
    source: str
    url: str | None
    text: str | None
    lang: str | None
    emotion: str | None
    intensity: str | None
    posted_at: datetime
    last_post_at: datetime
    posts: int
    state: State
    assignee: str | None
    incident_id: str | None
    previous_id: str | None
    round: int
    reopened: int
    disputed: int
    breaches: int
    resting: int
    due_at: datetime
    csat: int | None
    nps: int | None
    opened_at: datetime
    opened_by: str
    answered_at: datetime | None
    responded_at: datetime | None
    resolved_at: datetime | None
    told_at: datetime | None
    rated_at: datetime | None
    ended_at: datetime | None
    erased_at: datetime | None
    updated_at: datetime
    version: int

    @property
    def clock(self) -> Clock | None:
        """The clock that the person waits by."""
        return WAITING.get(self.state)

    def is_overdue(self, now: datetime) -> bool:
        """Whether that clock has run out."""
        return not self.resting and self.due_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintPost:
    """A post of a complaint."""

    post_id: str
    kind: Part
    author: str | None
    copy_group: str
    posted_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """One clock of one round. `dropped_at`: nothing had to be answered any more."""

    round: int
    clock: Clock
    started_at: datetime
    due_at: datetime
    warned_at: datetime | None
    breached_at: datetime | None
    escalated_at: datetime | None
    met_at: datetime | None
    dropped_at: datetime | None

    @property
    def runs(self) -> bool:
        """Whether somebody waits by it."""
        return self.met_at is None and self.dropped_at is None

    @property
    def is_late(self) -> bool:
        """Whether it was met after its time, or ran out and was not met."""
        return self.breached_at is not None or (
            self.met_at is not None and self.met_at > self.due_at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody published or said. `at` is when it was recorded, and is what counts."""

    kind: AnswerKind
    round: int
    channel: str
    url: str | None
    text: str | None
    published_at: datetime
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How the person rates it: `csat` 1 to 5, `nps` 0 to 10, at least one of them."""

    round: int
    csat: int | None
    nps: int | None
    words: str | None
    said_by: str | None
    said_at: datetime
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintEvent:
    """What happened to it, when and by whom; `version` is the complaint's after it."""

    id: int
    at: datetime
    kind: str
    actor: str
    version: int
    note: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFile:
    """Everything about one complaint."""

    complaint: Complaint
    posts: tuple[ComplaintPost, ...]
    clocks: tuple[ClockRow, ...]
    answers: tuple[Answer, ...]
    ratings: tuple[Rating, ...]
    history: tuple[ComplaintEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFilter:
    """Filters are ANDed; values inside one are ORed; empty means no filter.

    `assignees` may hold "" for those that nobody has; opened in [`opened_since`, `opened_until`).
    `reach` limits to monitors, None is all.
    """

    states: tuple[State, ...] = ()
    assignees: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    breached: bool | None = None
    opened_since: datetime | None = None
    opened_until: datetime | None = None
    drill: bool = False
    reach: frozenset[str] | None = None
