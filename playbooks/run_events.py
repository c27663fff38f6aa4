"""What may happen to a run, and what follows for timers and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from playbooks.delay import DelayKind
from playbooks.run import DeadlineKind
from playbooks.schema import Moment, Playbook


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """A person did the step."""

    step: str
    by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped:
    """A person leaves the step out; a mandatory one needs a reason."""

    step: str
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReopened:
    """A step that was done or skipped was not."""

    step: str
    by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayAsked:
    """A person asks for more time for a step, or that its clock stands still for a while."""

    step: str
    kind: DelayKind
    lasting: timedelta
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayDecided:
    """Another person grants it, or does not."""

    step: str
    granted: bool
    by: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResumed:
    """A clock that stood still goes on before its time."""

    step: str
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChanged:
    """The incident's tier is another from now on."""

    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioNamed:
    """Somebody has said which scenario it is; its playbook takes over."""

    scenario: str
    playbook: Playbook


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierPostFound:
    """An older first post was found; it is shown and moves no deadline."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEvent:
    """Something happened to the incident; steps with that `done_on` are done by it."""

    moment: Moment
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """The incident was none (false positive) or went into another (merged)."""

    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """It was not over after all: what is still to be done is asked for again, from now."""

    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinePassed:
    """A timer fired."""

    step: str
    kind: DeadlineKind


Event = (
    StepDone
    | StepSkipped
    | StepReopened
    | DelayAsked
    | DelayDecided
    | StepResumed
    | TierChanged
    | ScenarioNamed
    | EarlierPostFound
    | IncidentEvent
    | Withdrawn
    | Reopened
    | DeadlinePassed
)


class Announcement(StrEnum):
    """What people are told about a step, by the names of the webhook events after `step.`."""

    DUE_SOON = "due_soon"
    DUE = "due"
    ESCALATED = "escalated"
    DONE = "done"


class IgnoredReason(StrEnum):
    """Why an event changed nothing."""

    UNKNOWN_STEP = "unknown_step"
    NOT_OPEN = "not_open"
    NOT_YET = "not_yet"
    ALREADY_ANNOUNCED = "already_announced"
    OVERTAKEN = "overtaken"
    NO_DEADLINE = "no_deadline"
    REPEATED = "repeated"
    RUN_OVER = "run_over"
    NOT_EARLIER = "not_earlier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Set this timer, or move it; an instant in the past fires at once."""

    step: str
    kind: DeadlineKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Drop this timer."""

    step: str
    kind: DeadlineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Tell people; `late_by` is the time since the due (or escalation) instant, if any passed."""

    step: str
    event: Announcement
    late_by: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """The event came too late, too early, twice or to nobody, and changed nothing."""

    reason: IgnoredReason
    step: str | None = None


Effect = Schedule | Cancel | Announce | Ignored
