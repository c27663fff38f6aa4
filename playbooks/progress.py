"""Starting a run and moving it on: pure functions from a run and an event to a run and effects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from playbooks.delaying import all_resumed, delay_asked, delay_decided, step_resumed
from playbooks.errors import IllegalEvent
from playbooks.planner import Anchors, TierSince
from playbooks.reopening import reopened
from playbooks.replanning import Change, cancelled, replanned, settled, with_step
from playbooks.run import Run, StepState
from playbooks.run_events import (
    Announce,
    Announcement,
    DeadlinePassed,
    DelayAsked,
    DelayDecided,
    EarlierPostFound,
    Effect,
    Event,
    Ignored,
    IgnoredReason,
    IncidentEvent,
    Reopened,
    ScenarioNamed,
    StepDone,
    StepReopened,
    StepResumed,
    StepSkipped,
    TierChanged,
    Withdrawn,
)
from playbooks.schema import Moment, Playbook
from playbooks.step_progress import deadline_passed, step_done, step_reopened, step_skipped


def start(
    playbook: Playbook,
    *,
    run_id: str,
    tier: str,
    opened_at: datetime,
    first_post_at: datetime | None = None,
    scenario: str | None = None,
) -> tuple[Run, tuple[Effect, ...]]:
    """A new run, with the timers to set.

    A step that is past due at opening is breached at once and announced once. Steps that opening
    itself does are done, late or not. Raises IllegalEvent for a tier that the playbook has not.
    """
    _check_tier(playbook, tier)
    anchors = Anchors.at_opening(tier=tier, opened=opened_at, first_post=first_post_at)
    empty = Run(
        id=run_id,
        playbook=playbook,
        scenario=scenario,
        anchors=anchors,
        earliest_post=anchors.first_post,
    )
    change = _moment(empty, IncidentEvent(moment=Moment.OPENED), opened_at)
    return change.run, settled(empty, change)


def advance(run: Run, event: Event, now: datetime) -> tuple[Run, tuple[Effect, ...]]:
    """The run after the event, what to announce, and which timers to set and drop.

    Late, early, repeated and unknown events answer Ignored with the run unchanged. Raises
    IllegalStep (UnknownStep) and IllegalEvent for what a person must not do.
    """
    if now.tzinfo is None:
        raise IllegalEvent("a run moves at aware instants: give `now` a zone")
    change = _HANDLERS[type(event)](run, event, now)
    return change.run, settled(run, change)


def _tier_changed(run: Run, event: TierChanged, now: datetime) -> Change:
    _check_tier(run.playbook, event.tier)
    if _over(run):
        return _ignored(run, IgnoredReason.RUN_OVER)
    if event.tier == run.tier:
        return _ignored(run, IgnoredReason.REPEATED)
    if run.playbook.rank(event.tier) > run.playbook.rank(run.tier):
        run = all_resumed(run, now)
    tiers = (*run.anchors.tiers, TierSince(tier=event.tier, at=now))
    return replanned(replace(run, anchors=replace(run.anchors, tiers=tiers)), now)


def _scenario_named(run: Run, event: ScenarioNamed, now: datetime) -> Change:
    _check_tier(event.playbook, run.tier)
    if _over(run):
        return _ignored(run, IgnoredReason.RUN_OVER)
    if event.scenario == run.scenario and event.playbook == run.playbook:
        return _ignored(run, IgnoredReason.REPEATED)
    named = replace(run, scenario=event.scenario, playbook=event.playbook)
    change = replanned(named, now)
    return _done_by_moments(change, now)


def _earlier_post(run: Run, event: EarlierPostFound, now: datetime) -> Change:
    if event.at >= run.earliest_post:
        return _ignored(run, IgnoredReason.NOT_EARLIER)
    return Change(replace(run, earliest_post=event.at))


def _moment(run: Run, event: IncidentEvent, now: datetime) -> Change:
    if event.moment in run.moments:
        return _ignored(run, IgnoredReason.REPEATED)
    if _over(run):
        return _ignored(run, IgnoredReason.RUN_OVER)
    anchors = run.anchors
    if event.moment is Moment.ACKNOWLEDGED:
        anchors = replace(anchors, acknowledged=now)
    moments = {**run.moments, event.moment: now}
    change = replanned(replace(run, anchors=anchors, moments=moments), now)
    change = _done_by_moments(change, now, by=event.by)
    if event.moment is Moment.CLOSED:
        return Change(cancelled(change.run), change.announced)
    return change


def _withdrawn(run: Run, event: Withdrawn, now: datetime) -> Change:
    if run.withdrawn_at is not None:
        return _ignored(run, IgnoredReason.REPEATED)
    return Change(cancelled(replace(run, withdrawn_at=now)))


def _done_by_moments(change: Change, now: datetime, *, by: str | None = None) -> Change:
    """Do the steps that something which has happened does; then what hangs on them."""
    run, announced = change.run, change.announced
    for step in change.run.steps:
        at = run.moments.get(step.step.done_on) if step.step.done_on else None
        if at is None or not step.open:
            continue
        done = replace(step, state=StepState.DONE, done_at=at, by=by)
        if done.late_by is not None and done.breached_at is None:
            done = replace(done, breached_at=done.due_at)
        run = with_step(run, done)
        # one word for a step that opening finds late: done, and by how much
        announced = tuple(item for item in announced if item.step != step.id)
        announced += (Announce(step=step.id, event=Announcement.DONE, late_by=done.late_by),)
    again = replanned(run, now)
    return Change(again.run, announced + again.announced)


def _check_tier(playbook: Playbook, tier: str) -> None:
    if tier not in playbook.tiers:
        known = ", ".join(playbook.tiers)
        raise IllegalEvent(f"playbook {playbook.id} has no tier {tier!r}; known: {known}")


def _over(run: Run) -> bool:
    return run.closed_at is not None or run.withdrawn_at is not None


def _ignored(run: Run, reason: IgnoredReason) -> Change:
    return Change(run, ignored=Ignored(reason=reason))


_HANDLERS: dict[type[Any], Callable[..., Change]] = {
    StepDone: step_done,
    StepSkipped: step_skipped,
    StepReopened: step_reopened,
    DelayAsked: delay_asked,
    DelayDecided: delay_decided,
    StepResumed: step_resumed,
    DeadlinePassed: deadline_passed,
    TierChanged: _tier_changed,
    ScenarioNamed: _scenario_named,
    EarlierPostFound: _earlier_post,
    IncidentEvent: _moment,
    Withdrawn: _withdrawn,
    Reopened: reopened,
}
