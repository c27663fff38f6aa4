"""What is handed over to a tracker, and how it stands there: values. Instants are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubjectKind(StrEnum):
    IMPROVEMENT = "improvement"
    NEEDS = "needs"
    """A needs report, as it was when it was handed over."""


class State(StrEnum):
    SENDING = "sending"
    """The tracker has not got it yet."""
    OPEN = "open"
    CLOSED = "closed"
    """Done or dropped there; `standing` says which."""
    FAILED = "failed"
    """Sending was given up: somebody tries again."""
    DELETED = "deleted"
    """Gone there. Here everything stays as it was."""


class Standing(StrEnum):
    """How a ticket stands, in the words of mappings."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


CLOSED = frozenset({Standing.DONE, Standing.DROPPED})


class Trouble(StrEnum):
    """Why a hand-over needs somebody."""

    UNDELIVERED = "undelivered"
    """The tracker refused it, or could not be reached for days."""
    DELETED_THERE = "deleted_there"
    UNKNOWN_STATE = "unknown_state"
    """The ticket is in a state that the mapping does not know."""
    DROPPED_THERE = "dropped_there"
    """Given up there; here that is a decision of a lead."""
    DISAGREES = "disagrees"
    """The improvement cannot follow: it is verified, dropped, or was never accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One thing handed over to one tracker.

    `key` is the ticket's, None until the tracker has told it. `wanted` is how the ticket is to
    stand, `standing` how it stands as far as known, `word` that in the tracker's own words as of
    `heard_at`, the tracker's time. `revision` counts the messages to the tracker. `item_version` is
    that of the improvement when it was looked at last. `fields` are what the ticket was made of.
    """

    id: str
    subject_kind: SubjectKind
    subject_id: str
    monitor_id: str
    incident_id: str | None
    tracker: str
    fields: Mapping[str, str]
    state: State
    key: str | None
    url: str | None
    wanted: Standing
    standing: Standing | None
    word: str | None
    heard_at: datetime | None
    trouble: Trouble | None
    last_answer: str | None
    answered_at: datetime | None
    revision: int
    tried: bool
    item_version: int | None
    poll_at: datetime | None
    created_by: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a tracker says of a ticket. `standing` is None for a word that the mapping has not."""

    key: str | None
    word: str | None
    standing: Standing | None
    at: datetime | None
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverFilter:
    """What is empty or None filters nothing. `within` are the monitors in sight."""

    states: tuple[State, ...] = ()
    trackers: tuple[str, ...] = ()
    subject_id: str | None = None
    incident_id: str | None = None
    troubled: bool | None = None
    within: frozenset[str] | None = None
