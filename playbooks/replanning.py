"""A run against the plan that holds now: what carries over, what is new, what falls away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from playbooks.planner import PlannedStep, calendar_of, plan
from playbooks.run import DeadlineKind, Run, RunStep, StepState
from playbooks.run_events import (
    Announce,
    Announcement,
    Cancel,
    Effect,
    Ignored,
    Schedule,
)


@dataclass(frozen=True, slots=True)
class Change:
    """A run after an event; `fired` is the timer that is spent, so that nobody need drop it."""

    run: Run
    announced: tuple[Announce, ...] = ()
    ignored: Ignored | None = None
    fired: tuple[str, DeadlineKind] | None = None


def replanned(run: Run, now: datetime) -> Change:
    """The run with the deadlines of its anchors and of what is done by now.

    Done and skipped steps stay as they are, breached ones keep their due time, pending ones take
    the planned one, or none while their clock stands still. Steps that the plan has not are
    cancelled; steps that it has anew are added. A due time that is already past when it is given is
    one breach, at once; its escalation counts from then.
    """
    prior = {step.id: step for step in run.steps}
    planned = plan(
        run.playbook,
        run.anchors,
        done={step.id: step.done_at for step in run.steps if step.done_at is not None},
        fixed={
            step.id: step.due_at
            for step in run.steps
            if step.state is StepState.BREACHED and step.due_at is not None
        },
        grants={step.id: step.grants for step in run.steps if step.grants},
    )
    steps: list[RunStep] = []
    announced: list[Announce] = []
    for target in planned:
        step = _carried(prior.pop(target.id, None), target, run)
        if step.state is StepState.PENDING and _past(step, now):
            known = _find(run, step.id)
            if known is None or known.due_at != step.due_at:
                step, late = _late_at_once(step, now, run)
                announced.append(late)
        steps.append(step)
    steps += [
        replace(step, state=StepState.CANCELLED) if step.open else step for step in prior.values()
    ]
    return Change(replace(run, steps=tuple(steps)), tuple(announced))


def cancelled(run: Run) -> Run:
    """The run with every pending step cancelled whose clock no longer runs; late ones stay late."""
    steps = tuple(
        replace(step, state=StepState.CANCELLED)
        if step.state is StepState.PENDING and not run.counts(step)
        else step
        for step in run.steps
    )
    return replace(run, steps=steps)


def with_step(run: Run, step: RunStep) -> Run:
    """The run with this step in the place of its namesake."""
    steps = tuple(step if other.id == step.id else other for other in run.steps)
    return replace(run, steps=steps)


def settled(before: Run, change: Change) -> tuple[Effect, ...]:
    """Announcements, then the timers to drop and to set, in order of the steps."""
    if change.ignored is not None:
        return (change.ignored,)
    return (*change.announced, *_timer_effects(before, change))


def _timer_effects(before: Run, change: Change) -> Iterator[Effect]:
    old, new = before.timers(), change.run.timers()
    for key in old:
        if key not in new and key != change.fired:
            yield Cancel(step=key[0], kind=key[1])
    for key, at in new.items():
        if old.get(key) != at:
            yield Schedule(step=key[0], kind=key[1], at=at)


def _carried(prior: RunStep | None, target: PlannedStep, run: Run) -> RunStep:
    if prior is None:
        return RunStep.of(target)
    if prior.ended:
        return replace(prior, order=target.order)
    fresh = RunStep.of(target)
    if prior.state is StepState.CANCELLED:
        # a tier that rises again asks again; what was late once stays counted once
        over = run.closed_at is not None or run.withdrawn_at is not None
        return prior if over else replace(fresh, breached_at=prior.breached_at)
    if prior.state is StepState.BREACHED:
        return replace(
            prior, step=target.step, order=target.order, instructions=target.instructions
        )
    warned_at = prior.warned_at if prior.due_at == fresh.due_at else None
    if prior.pause is not None:
        fresh = replace(fresh, due_at=None, warn_at=None, escalate_at=None)
    return replace(
        fresh,
        request=prior.request,
        pause=prior.pause,
        grants=prior.grants,
        warned_at=warned_at,
        by=prior.by,
        note=prior.note,
        breached_at=prior.breached_at,
    )


def _past(step: RunStep, now: datetime) -> bool:
    return step.due_at is not None and step.due_at < now


def _find(run: Run, name: str) -> RunStep | None:
    return next((step for step in run.steps if step.id == name), None)


def _late_at_once(step: RunStep, now: datetime, run: Run) -> tuple[RunStep, Announce]:
    late = replace(
        step,
        state=StepState.BREACHED,
        breached_at=step.breached_at or now,
        escalate_at=calendar_of(run.playbook, step.step, run.tier).add(
            now, step.step.escalate_after
        ),
    )
    late_by = None if step.due_at is None else now - step.due_at
    return late, Announce(step=step.id, event=Announcement.DUE, late_by=late_by)
