"""A run that goes on: its incident was resolved or closed, and was not over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from playbooks.replanning import Change, replanned
from playbooks.run import Run, RunStep, StepState
from playbooks.run_events import Ignored, IgnoredReason, Reopened
from playbooks.schema import Moment

_TAKEN_BACK = frozenset({Moment.RESOLVED, Moment.CLOSED})


def reopened(run: Run, event: Reopened, now: datetime) -> Change:
    """Ask again for every step that nobody did, with deadlines from `now`.

    What people did or skipped stays so, the review among it; what resolving and closing did is
    taken back with them. A step that was late once stays counted once. A withdrawn run, and one of
    an incident that was never resolved, answers Ignored.
    """
    if run.withdrawn_at is not None:
        return Change(run, ignored=Ignored(reason=IgnoredReason.RUN_OVER))
    if not _TAKEN_BACK & run.moments.keys():
        return Change(run, ignored=Ignored(reason=IgnoredReason.REPEATED))
    moments = {moment: at for moment, at in run.moments.items() if moment not in _TAKEN_BACK}
    again = replace(
        run,
        moments=moments,
        anchors=replace(run.anchors, reopened=now),
        steps=tuple(_asked_anew(step, by=event.by) for step in run.steps),
    )
    return replanned(again, now)


def _asked_anew(step: RunStep, *, by: str | None) -> RunStep:
    """A step as planning takes up again what was cancelled; what a person ended is left alone."""
    undone = step.state is StepState.DONE and step.step.done_on in _TAKEN_BACK
    if step.ended and not undone:
        return step
    return replace(
        step,
        state=StepState.CANCELLED,
        done_at=None,
        by=by if undone else step.by,
        request=None,
        pause=None,
        grants=(),
    )
