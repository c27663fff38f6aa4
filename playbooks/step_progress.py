"""What people and timers do to single steps of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from playbooks.delaying import resumed_by_timer
from playbooks.errors import IllegalStep, UnknownStep
from playbooks.replanning import Change, replanned, with_step
from playbooks.run import DeadlineKind, Run, RunStep, StepState
from playbooks.run_events import (
    Announce,
    Announcement,
    DeadlinePassed,
    Ignored,
    IgnoredReason,
    StepDone,
    StepReopened,
    StepSkipped,
)


def step_done(run: Run, event: StepDone, now: datetime) -> Change:
    """Do a step by hand; doing it twice changes nothing.

    Raises UnknownStep, and IllegalStep for a cancelled or skipped step, one that only an event of
    the incident can do, and one whose needs are still open.
    """
    step = run.step(event.step)
    if step.state is StepState.DONE:
        return _ignored(run, step.id, IgnoredReason.REPEATED)
    _check_open(step)
    if step.step.done_on is not None:
        raise IllegalStep(
            step.id, f"it is done by the incident being {step.step.done_on.value}: record that"
        )
    unmet = [need for need in step.step.needs if _is_open(run, need)]
    if unmet:
        raise IllegalStep(step.id, f"first do or skip {', '.join(unmet)}")
    done = _ended(step, StepState.DONE, now, by=event.by, note=event.note)
    announce = Announce(step=step.id, event=Announcement.DONE, late_by=done.late_by)
    change = replanned(with_step(run, done), now)
    return Change(change.run, (announce, *change.announced))


def step_skipped(run: Run, event: StepSkipped, now: datetime) -> Change:
    """Leave a step out; others count from that instant as if it were done.

    Raises UnknownStep, and IllegalStep for a step that is not open, and for a mandatory one
    without a reason.
    """
    step = run.step(event.step)
    if step.state is StepState.SKIPPED:
        return _ignored(run, step.id, IgnoredReason.REPEATED)
    _check_open(step)
    reason = (event.reason or "").strip()
    if step.step.mandatory and not reason:
        raise IllegalStep(step.id, "it is mandatory: say why it is skipped")
    skipped = _ended(step, StepState.SKIPPED, now, by=event.by, note=reason or None)
    return replanned(with_step(run, skipped), now)


def step_reopened(run: Run, event: StepReopened, now: datetime) -> Change:
    """Take back a step that was done or skipped; its due time stays, and so does a breach.

    Raises UnknownStep, and IllegalStep for a step that only an event of the incident can do, and
    when its clock no longer runs. An open step is left as it is.
    """
    step = run.step(event.step)
    if step.open:
        return _ignored(run, step.id, IgnoredReason.REPEATED)
    if step.state is StepState.CANCELLED or not run.counts(step):
        raise IllegalStep(step.id, "it is no longer asked for")
    if step.step.done_on is not None and step.state is StepState.DONE:
        raise IllegalStep(step.id, "what happened to the incident cannot be taken back")
    state = StepState.PENDING if step.breached_at is None else StepState.BREACHED
    opened = replace(step, state=state, done_at=None, by=event.by, note=event.note)
    return replanned(with_step(run, opened), now)


def deadline_passed(run: Run, event: DeadlinePassed, now: datetime) -> Change:
    """A timer fired: announce it once, or say why it no longer means anything."""
    try:
        step = run.step(event.step)
    except UnknownStep:
        return _ignored(run, event.step, IgnoredReason.UNKNOWN_STEP)
    refused = _refusal(run, step, event.kind, now)
    if refused is not None:
        return _ignored(run, step.id, refused)
    if event.kind is DeadlineKind.RESUME:
        return resumed_by_timer(run, step, now)
    fired = (step.id, event.kind)
    if event.kind is DeadlineKind.WARN:
        warned = with_step(run, replace(step, warned_at=now))
        announce = Announce(step=step.id, event=Announcement.DUE_SOON)
        return Change(warned, (announce,), fired=fired)
    announced: tuple[Announce, ...] = ()
    if step.state is StepState.PENDING:
        step = replace(step, state=StepState.BREACHED, breached_at=step.breached_at or step.due_at)
        announced += (_late(step, Announcement.DUE, step.due_at, now),)
    if event.kind is DeadlineKind.ESCALATE:
        announced += (_late(step, Announcement.ESCALATED, step.escalate_at, now),)
        step = replace(step, escalated_at=now)
    return Change(with_step(run, step), announced, fired=fired)


def _refusal(run: Run, step: RunStep, kind: DeadlineKind, now: datetime) -> IgnoredReason | None:
    if not step.open or not run.counts(step):
        return IgnoredReason.NOT_OPEN
    at, announced_at = {
        DeadlineKind.WARN: (step.warn_at, step.warned_at),
        DeadlineKind.DUE: (
            step.due_at,
            step.breached_at if step.state is StepState.BREACHED else None,
        ),
        DeadlineKind.ESCALATE: (step.escalate_at, step.escalated_at),
        DeadlineKind.RESUME: (None if step.pause is None else step.pause.until, None),
    }[kind]
    if at is None:
        return IgnoredReason.NO_DEADLINE
    if announced_at is not None:
        return IgnoredReason.ALREADY_ANNOUNCED
    if now < at:
        return IgnoredReason.NOT_YET
    # after a restart the due timer fires beside the warning and says all that there is to say
    if kind is DeadlineKind.WARN and step.due_at is not None and step.due_at <= now:
        return IgnoredReason.OVERTAKEN
    return None


def _late(
    step: RunStep, announcement: Announcement, at: datetime | None, now: datetime
) -> Announce:
    late_by = None if at is None or at == now else now - at
    return Announce(step=step.id, event=announcement, late_by=late_by)


def _ended(
    step: RunStep, state: StepState, now: datetime, *, by: str | None, note: str | None
) -> RunStep:
    ended = replace(step, state=state, done_at=now, by=by, note=note, request=None, pause=None)
    # the due timer may not have fired yet; being late is a breach all the same
    if ended.late_by is not None and ended.breached_at is None:
        return replace(ended, breached_at=ended.due_at)
    return ended


def _check_open(step: RunStep) -> None:
    if not step.open:
        raise IllegalStep(step.id, f"it is {step.state.value}")


def _is_open(run: Run, name: str) -> bool:
    return any(step.open for step in run.steps if step.id == name)


def _ignored(run: Run, step: str, reason: IgnoredReason) -> Change:
    return Change(run, ignored=Ignored(reason=reason, step=step))
