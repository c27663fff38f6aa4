"""Asking for more time, deciding on it, and clocks that stand still and go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from playbooks.delay import LONGEST, DelayKind, DelayRequest, Grant, Pause
from playbooks.errors import IllegalStep
from playbooks.planner import calendar_of
from playbooks.replanning import Change, replanned, with_step
from playbooks.run import DeadlineKind, Run, RunStep, StepState
from playbooks.run_events import DelayAsked, DelayDecided, StepResumed


def delay_asked(run: Run, event: DelayAsked, now: datetime) -> Change:
    """Keep the request; the clock runs on.

    Raises UnknownStep, and IllegalStep for a step that is late or over, that has no deadline or one
    of the law, for which a request waits or whose clock stands still, and without a reason.
    """
    step = run.step(event.step)
    _check_can_wait(run, step, now)
    if step.request is not None:
        raise IllegalStep(step.id, f"{step.request.by} has asked already: decide on that first")
    if not timedelta() < event.lasting <= LONGEST:
        raise IllegalStep(step.id, f"ask for more than nothing and at most {LONGEST.days} days")
    reason = event.reason.strip()
    if not reason:
        raise IllegalStep(step.id, "say why it needs more time")
    request = DelayRequest(
        kind=event.kind, lasting=event.lasting, reason=reason, by=event.by, at=now
    )
    return Change(with_step(run, replace(step, request=request)))


def delay_decided(run: Run, event: DelayDecided, now: datetime) -> Change:
    """Grant what was asked for, or refuse it.

    Raises UnknownStep, and IllegalStep where nobody has asked, where who asked decides, and for a
    grant that comes when the step is late or over: a breach is not taken back.
    """
    step = run.step(event.step)
    request = step.request
    if request is None:
        raise IllegalStep(step.id, "nobody has asked for more time")
    if event.by == request.by:
        raise IllegalStep(step.id, "whoever asks for more time does not grant it")
    decided = replace(step, request=None)
    if not event.granted:
        return Change(with_step(run, decided))
    _check_can_wait(run, step, now)
    if request.kind is DelayKind.PAUSE:
        decided = replace(decided, pause=Pause(since=now, until=now + request.lasting))
    else:
        grant = Grant(at=now, lasting=request.lasting)
        decided = replace(decided, grants=(*step.grants, grant))
    return replanned(with_step(run, decided), now)


def step_resumed(run: Run, event: StepResumed, now: datetime) -> Change:
    """Let the clock go on: the step has as much time left as when it stood still.

    Raises UnknownStep, and IllegalStep when its clock runs.
    """
    step = run.step(event.step)
    if step.pause is None:
        raise IllegalStep(step.id, "its clock runs")
    return replanned(with_step(run, going_on(run, step, now)), now)


def resumed_by_timer(run: Run, step: RunStep, now: datetime) -> Change:
    """The pause has lasted as long as it may."""
    change = replanned(with_step(run, going_on(run, step, now)), now)
    return replace(change, fired=(step.id, DeadlineKind.RESUME))


def all_resumed(run: Run, now: datetime) -> Run:
    """The run with every clock going on: what was granted in a lighter tier ends with it."""
    steps = (going_on(run, step, now) if step.open else step for step in run.steps)
    return replace(run, steps=tuple(steps))


def going_on(run: Run, step: RunStep, now: datetime) -> RunStep:
    """The step with the time that it stood still added, in the hours that count for it."""
    if step.pause is None:
        return step
    stood = calendar_of(run.playbook, step.step, run.tier).elapsed(step.pause.since, now)
    grant = Grant(at=now, lasting=stood)
    return replace(step, pause=None, grants=(*step.grants, grant))


def _check_can_wait(run: Run, step: RunStep, now: datetime) -> None:
    if step.step.statutory:
        raise IllegalStep(step.id, "the law sets its deadline: nobody here can move it")
    past = step.due_at is not None and step.due_at <= now
    if step.state is StepState.BREACHED or (step.open and past):
        raise IllegalStep(step.id, "it is late already: more time takes back no breach")
    if not step.open or not run.counts(step):
        raise IllegalStep(step.id, f"it is {step.state.value}")
    if step.pause is not None:
        raise IllegalStep(step.id, "its clock stands still already")
    if step.due_at is None:
        raise IllegalStep(step.id, "it has no deadline yet")
