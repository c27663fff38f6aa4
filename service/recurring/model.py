"""Recurring duties (周期职责): what somebody must do every so many months. Instants are UTC.

Not to be taken for the duties of on-call, which say who stands for a playbook role.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from pydantic import ConfigDict

from service.oncall.model import Day, Target, TimeOfDay

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringDraft:
    """Due every `every_months` from `starts_on` on, at `at` of the day `day` of the month.

    With `working_day` that is the n-th working day, else the day of the month, or its last one.
    `owner` is asked `warn_days` before and at the time, `deputy` too `escalate_days` after it.
    """

    __pydantic_config__ = _STRICT

    id: str
    name: str
    owner: Target
    starts_on: Day
    every_months: int
    day: int = 1
    working_day: bool = False
    at: TimeOfDay = time(10)
    zone: str = "Asia/Shanghai"
    deputy: Target | None = None
    warn_days: int = 7
    escalate_days: int = 3
    instructions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring(RecurringDraft):
    created_at: datetime
    updated_at: datetime
    version: int


class RoundState(StrEnum):
    OPEN = "open"
    DONE = "done"
    MISSED = "missed"
    """Not done when the next one came up."""
    SKIPPED = "skipped"
    """Somebody said that it need not be done this time; `note` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One time that a duty is due. `evidence` is where to see that it was done: a link.

    Of a skipped one `done_at` and `done_by` are of the skipping.
    """

    id: str
    duty_id: str
    due_at: datetime
    state: RoundState
    created_at: datetime
    done_at: datetime | None
    done_by: str | None
    note: str | None
    evidence: str | None

    @property
    def is_late(self) -> bool:
        """Whether it was done after its due time."""
        done = self.state is RoundState.DONE and self.done_at is not None
        return done and self.done_at is not None and self.done_at > self.due_at
