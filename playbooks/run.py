"""A playbook being worked: a frozen snapshot that carries all that it needs.

The run keeps a copy of its playbook, so that editing content never changes a running incident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError
from pydantic.main import IncEx

from playbooks.delay import DelayRequest, Grant, Pause
from playbooks.errors import IllegalEvent, UnknownStep
from playbooks.planner import Anchors, PlannedStep
from playbooks.schema import Moment, Playbook, Step, Text


class StepState(StrEnum):
    """Where a step stands; a breached one is late and still to be done."""

    PENDING = "pending"
    BREACHED = "breached"
    DONE = "done"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class DeadlineKind(StrEnum):
    """The timers of a step: three announce, `resume` ends a pause."""

    WARN = "warn"
    DUE = "due"
    ESCALATE = "escalate"
    RESUME = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """One step of a run.

    `done_at` is also the instant of a skip. `breached_at` stays when the step is done or cancelled
    later. `warned_at` and `escalated_at` tell that those announcements were made. While `pause`
    stands, the step has no deadline; `grants` is the time that was added to it.
    """

    step: Step
    order: int
    instructions: Text | None = None
    state: StepState = StepState.PENDING
    base_at: datetime | None = None
    offset: timedelta | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    escalate_at: datetime | None = None
    done_at: datetime | None = None
    by: str | None = None
    note: str | None = None
    breached_at: datetime | None = None
    warned_at: datetime | None = None
    escalated_at: datetime | None = None
    request: DelayRequest | None = None
    pause: Pause | None = None
    grants: tuple[Grant, ...] = ()

    @classmethod
    def of(cls, planned: PlannedStep) -> RunStep:
        """A pending step, as planned."""
        return cls(
            step=planned.step,
            order=planned.order,
            instructions=planned.instructions,
            base_at=planned.base_at,
            offset=planned.offset,
            due_at=planned.due_at,
            warn_at=planned.warn_at,
            escalate_at=planned.escalate_at,
        )

    @property
    def id(self) -> str:
        return self.step.id

    @property
    def open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.state in (StepState.PENDING, StepState.BREACHED)

    @property
    def ended(self) -> bool:
        """Whether it was done or skipped."""
        return self.state in (StepState.DONE, StepState.SKIPPED)

    @property
    def late_by(self) -> timedelta | None:
        """How long after its due time it was done or skipped; None when in time, or open."""
        if self.done_at is None or self.due_at is None or self.done_at <= self.due_at:
            return None
        return self.done_at - self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The steps of one incident. `earliest_post` is shown; deadlines count from the anchors.

    `moments` has the instant of each thing that happened to the incident; a withdrawn run (false
    positive, merged) has nothing left to do.
    """

    id: str
    playbook: Playbook
    scenario: str | None
    anchors: Anchors
    earliest_post: datetime
    steps: tuple[RunStep, ...] = ()
    moments: Mapping[Moment, datetime] = field(default_factory=dict)
    withdrawn_at: datetime | None = None

    @property
    def tier(self) -> str:
        return self.anchors.tier

    @property
    def version(self) -> str:
        """Version of the library that the playbook was copied from."""
        return self.playbook.version

    @property
    def closed_at(self) -> datetime | None:
        """When the incident was closed; what is anchored on its closing goes on."""
        return self.moments.get(Moment.CLOSED)

    @property
    def ended(self) -> bool:
        """Whether the incident is over and nothing is left to do."""
        over = self.closed_at is not None or self.withdrawn_at is not None
        return over and not any(step.open and self.counts(step) for step in self.steps)

    @property
    def breaches(self) -> int:
        """Steps that were late, each counted once."""
        return sum(step.breached_at is not None for step in self.steps)

    def step(self, name: str) -> RunStep:
        """The step of that id; raises UnknownStep."""
        for step in self.steps:
            if step.id == name:
                return step
        raise UnknownStep(name)

    def counts(self, step: RunStep) -> bool:
        """Whether the step's clock runs: always, but after closing only what closing sets off."""
        if self.withdrawn_at is not None:
            return False
        return self.closed_at is None or self.follows_closing(step)

    def follows_closing(self, step: RunStep) -> bool:
        """Whether it is anchored, directly or not, on a step that closing itself does."""
        by_id = {other.id: other.step for other in self.steps}
        anchor = step.step.anchor_step
        while anchor is not None and anchor in by_id:
            if by_id[anchor].done_on is Moment.CLOSED:
                return True
            anchor = by_id[anchor].anchor_step
        return False

    def timers(self) -> dict[tuple[str, DeadlineKind], datetime]:
        """Every timer that is still to fire, with its instant, in order of the steps."""
        wanted: dict[tuple[str, DeadlineKind], datetime] = {}
        for step in self.steps:
            if not step.open or not self.counts(step):
                continue
            if step.state is StepState.PENDING:
                if step.warn_at is not None and step.warned_at is None:
                    wanted[(step.id, DeadlineKind.WARN)] = step.warn_at
                if step.due_at is not None:
                    wanted[(step.id, DeadlineKind.DUE)] = step.due_at
            if step.escalate_at is not None and step.escalated_at is None:
                wanted[(step.id, DeadlineKind.ESCALATE)] = step.escalate_at
            if step.pause is not None:
                wanted[(step.id, DeadlineKind.RESUME)] = step.pause.until
        return wanted


_RUN = TypeAdapter(Run)
_PROGRESS: Mapping[str, IncEx | bool] = {"playbook": True, "steps": {"__all__": {"step"}}}
"""What moves leaves these out: a playbook is the greatest part of its run, and stays as it is."""


def to_json(run: Run, *, playbook: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The run as plain JSON values, for a snapshot column.

    `playbook` is what an earlier snapshot says of the same one: most of the work is saved where
    nothing but the progress has changed.
    """
    dumped: dict[str, Any] = _RUN.dump_python(
        run, mode="json", by_alias=True, exclude_unset=True, exclude=_PROGRESS
    )
    dumped["playbook"] = plain = _plain(run.playbook) if playbook is None else playbook
    own, said = run.playbook.by_id(), {item["id"]: item for item in plain["steps"]}
    for row, step in zip(dumped["steps"], run.steps, strict=True):
        row["step"] = said[step.id] if own.get(step.id) is step.step else _plain(step.step)
    return dumped


def from_json(data: Mapping[str, Any]) -> Run:
    """The run of a snapshot; raises IllegalEvent when it is not one."""
    try:
        playbook = _playbook_of(orjson.dumps(data["playbook"]))
        said = {item["id"]: item for item in data["playbook"]["steps"]}
        own = playbook.by_id()
        steps = [{**row, "step": _step_of(row["step"], own, said)} for row in data["steps"]]
        return _RUN.validate_python({**data, "playbook": playbook, "steps": steps})
    except (ValidationError, KeyError, TypeError) as error:
        raise IllegalEvent(f"this is not the snapshot of a run: {error}") from error


def _step_of(
    row: Mapping[str, Any], own: Mapping[str, Step], said: Mapping[str, Mapping[str, Any]]
) -> Step:
    """The playbook's own where it is the same, which it is but for steps of an earlier playbook."""
    name = row["id"]
    return own[name] if row == said.get(name) else Step.model_validate(row)


def _plain(content: Playbook | Step) -> dict[str, Any]:
    return content.model_dump(mode="json", by_alias=True, exclude_unset=True)


@lru_cache(maxsize=64)
def _playbook_of(text: bytes) -> Playbook:
    """By its whole text: the runs of one content share one, and nothing changes it."""
    return Playbook.model_validate_json(text)
