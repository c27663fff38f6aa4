"""What a timer is: an instant at which something must happen to a subject, once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.ids import stable_id


class TimerState(StrEnum):
    PENDING = "pending"
    FIRED = "fired"
    CANCELLED = "cancelled"
    FAILED = "failed"
    """Its handler raised too often; setting the timer again revives it."""


class Stale(StrEnum):
    """A handler's answer when there is nothing left to do: the timer counts as cancelled."""

    SUBJECT_GONE = "subject_gone"
    NO_LONGER_DUE = "no_longer_due"


class TimerOutcome(StrEnum):
    """How one firing ended; a metric label."""

    FIRED = "fired"
    STALE = "stale"
    RETRY = "retry"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerSpec:
    """A timer to set. One subject has one timer of a kind; `payload` is JSON-shaped."""

    kind: str
    subject_type: str
    subject_id: str
    due_at: datetime
    incident_id: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return timer_id(self.subject_type, self.subject_id, self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A timer as it stands in the table."""

    id: str
    kind: str
    subject_type: str
    subject_id: str
    incident_id: str | None
    due_at: datetime
    state: TimerState
    fired_at: datetime | None
    late_by: timedelta | None
    payload: Mapping[str, Any]
    generation: int
    failures: int
    retry_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiredTimer:
    """What a handler is given. `late_by` is above zero when the service was down or busy."""

    id: str
    kind: str
    subject_type: str
    subject_id: str
    incident_id: str | None
    due_at: datetime
    fired_at: datetime
    late_by: timedelta
    payload: Mapping[str, Any]

    def again(self, due_at: datetime) -> TimerSpec:
        """The same timer at another time."""
        return TimerSpec(
            kind=self.kind,
            subject_type=self.subject_type,
            subject_id=self.subject_id,
            incident_id=self.incident_id,
            due_at=due_at,
            payload=self.payload,
        )


TimerHandler = Callable[[AsyncConnection, FiredTimer], Awaitable[Stale | None]]
"""Does what is due inside the transaction that marks the timer fired; raising undoes both."""

ObserveTimer = Callable[[str, TimerOutcome, timedelta], None]
"""(kind, outcome, late by) of each firing."""


def timer_id(subject_type: str, subject_id: str, kind: str) -> str:
    """The id of the one timer of that kind which a subject has."""
    return stable_id("tim", subject_type, subject_id, kind)
