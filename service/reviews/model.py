"""Reviews, their 5-Why form, improvements: values. Instants are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReviewState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    """Its incident turned out to be a false alarm, or part of another one."""


class EvidenceKind(StrEnum):
    """What a link of the form leads to: a frozen post or a step of the incident, or an address."""

    POST = "post"
    STEP = "step"
    URL = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLink:
    kind: EvidenceKind
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One why and its answer; the next one asks after the answer."""

    question: str
    answer: str
    evidence: tuple[EvidenceLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The 5-Why form. `stopped_early` says why there are fewer than five."""

    whys: tuple[Why, ...] = ()
    stopped_early: str | None = None
    root_cause: str | None = None
    cause_class: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The review of one closed incident. `owner` is a user id."""

    id: str
    incident_id: str
    monitor_id: str
    scenario: str | None
    state: ReviewState
    owner: str | None
    due_at: datetime
    form: Form
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """A department in a review: it has filed a proposal, or a lead said why it need not."""

    review_id: str
    department_id: str
    added_at: datetime
    added_by: str
    filed_at: datetime | None
    excused: str | None
    excused_by: str | None
    excused_at: datetime | None

    @property
    def is_awaited(self) -> bool:
        return self.filed_at is None and self.excused is None


class ItemKind(StrEnum):
    """Whom an improvement is for: people outside, the way of working, or what it costs."""

    USER = "user"
    STRATEGY = "strategy"
    COST = "cost"


class ItemState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DOING = "doing"
    DONE = "done"
    VERIFIED = "verified"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """What somebody proposes. `owner` is a user id; the three weights are from 1 to 5."""

    title: str
    description: str
    kind: ItemKind
    owner: str | None
    due_at: datetime
    impact: int
    urgency: int
    effort: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement(ItemDraft):
    """`reason` is that of the last move; `timed_from` is when its date was set."""

    id: str
    review_id: str
    incident_id: str
    monitor_id: str
    department_id: str
    rank: float
    state: ItemState
    reason: str | None
    proposed_by: str
    proposed_at: datetime
    timed_from: datetime
    done_at: datetime | None
    done_by: str | None
    verified_at: datetime | None
    verified_by: str | None
    updated_at: datetime
    version: int


class ReviewSort(StrEnum):
    DUE = "due"
    NEWEST = "newest"


class ItemSort(StrEnum):
    DUE = "due"
    RANK = "rank"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFilter:
    """What is empty or None filters nothing. `within` are the monitors in sight."""

    incident_id: str | None = None
    states: tuple[ReviewState, ...] = ()
    owners: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    department_id: str | None = None
    overdue: bool | None = None
    within: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """What is empty or None filters nothing. `within` are the monitors in sight."""

    review_id: str | None = None
    incident_id: str | None = None
    departments: tuple[str, ...] = ()
    states: tuple[ItemState, ...] = ()
    kinds: tuple[ItemKind, ...] = ()
    owners: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()
    overdue: bool | None = None
    within: frozenset[str] | None = None
