"""A run whose incident is reopened: what is asked again, from when, and what stays done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from playbooks import (
    DeadlineKind,
    Ignored,
    IgnoredReason,
    IncidentEvent,
    Moment,
    Reopened,
    Run,
    Schedule,
    StepDone,
    StepState,
    Withdrawn,
    advance,
    from_json,
    load_library,
    start,
    to_json,
)
from tests.support.clock import START

LATER = START + timedelta(days=3)


@pytest.fixture
def closed() -> Run:
    """An orange quality crisis, closed after a day with most steps left undone."""
    playbook = load_library().playbook_for("product_quality", "crisis")
    run, _ = start(
        playbook, run_id="run_1", tier="orange", opened_at=START, scenario="product_quality"
    )
    moments = (Moment.ACKNOWLEDGED, Moment.RESOLVED, Moment.CLOSED)
    for hour, moment in enumerate(moments, start=1):
        run, _ = advance(run, IncidentEvent(moment=moment), START + timedelta(hours=hour))
    return run


def test_what_nobody_did_is_asked_again_with_deadlines_from_now(closed: Run) -> None:
    run, effects = advance(closed, Reopened(by="usr_lin"), LATER)
    asked = [step for step in run.steps if step.open and step.due_at is not None]
    assert asked
    assert all(step.due_at is not None and step.due_at > LATER for step in asked)
    assert {step.state for step in asked} == {StepState.PENDING}
    due = {item.step for item in effects if isinstance(item, Schedule)}
    assert due == {step.id for step in asked}


def test_deadlines_have_their_whole_length_again(closed: Run) -> None:
    run, _ = advance(closed, Reopened(), LATER)
    again = next(step for step in run.steps if step.open and step.step.anchor == "first_post")
    assert again.offset is not None
    assert again.due_at == LATER + again.offset


def test_what_closing_did_is_taken_back_and_done_by_the_next_one(closed: Run) -> None:
    by_closing = [step.id for step in closed.steps if step.step.done_on is Moment.CLOSED]
    assert by_closing
    run, _ = advance(closed, Reopened(), LATER)
    assert Moment.CLOSED not in run.moments
    assert all(run.step(name).open for name in by_closing)
    run, _ = advance(run, IncidentEvent(moment=Moment.RESOLVED), LATER + timedelta(hours=1))
    run, _ = advance(run, IncidentEvent(moment=Moment.CLOSED), LATER + timedelta(hours=2))
    assert all(run.step(name).done_at == LATER + timedelta(hours=2) for name in by_closing)


def test_what_people_did_stays_done_the_review_as_well(closed: Run) -> None:
    review = next(step.id for step in closed.steps if step.open)
    run, _ = advance(closed, StepDone(step=review, by="usr_rui"), START + timedelta(hours=4))
    again, _ = advance(run, Reopened(), LATER)
    assert again.step(review) == run.step(review)


def test_acknowledging_is_not_asked_again(closed: Run) -> None:
    run, _ = advance(closed, Reopened(), LATER)
    by_hand = [step for step in run.steps if step.step.done_on is Moment.ACKNOWLEDGED]
    assert by_hand
    assert all(step.state is StepState.DONE for step in by_hand)


def test_a_step_that_was_late_once_stays_counted_once(closed: Run) -> None:
    late = {step.id for step in closed.steps if step.breached_at is not None}
    run, _ = advance(closed, Reopened(), LATER)
    assert {step.id for step in run.steps if step.breached_at is not None} == late
    assert run.breaches == closed.breaches


def test_a_resolved_one_that_was_not_closed_is_reopened_too() -> None:
    playbook = load_library().playbook_for("product_quality", "crisis")
    run, _ = start(
        playbook, run_id="run_2", tier="yellow", opened_at=START, scenario="product_quality"
    )
    run, _ = advance(run, IncidentEvent(moment=Moment.RESOLVED), START + timedelta(hours=1))
    run, _ = advance(run, Reopened(), LATER)
    assert Moment.RESOLVED not in run.moments
    assert run.anchors.reopened == LATER


def test_timers_that_fired_while_it_was_closed_stay_silent_until_the_new_time(closed: Run) -> None:
    _, effects = advance(closed, Reopened(), LATER)
    kinds = {item.kind for item in effects if isinstance(item, Schedule)}
    assert DeadlineKind.DUE in kinds
    assert all(item.at > LATER for item in effects if isinstance(item, Schedule))


def test_a_withdrawn_run_stays_withdrawn(closed: Run) -> None:
    run, _ = advance(closed, Withdrawn(), LATER)
    same, effects = advance(run, Reopened(), LATER)
    assert same is run
    assert effects == (Ignored(reason=IgnoredReason.RUN_OVER),)


def test_a_run_that_was_never_over_is_left_alone(closed: Run) -> None:
    run, _ = advance(closed, Reopened(), LATER)
    same, effects = advance(run, Reopened(), LATER + timedelta(hours=1))
    assert same is run
    assert effects == (Ignored(reason=IgnoredReason.REPEATED),)


def test_the_snapshot_keeps_when_it_was_reopened(closed: Run) -> None:
    run, _ = advance(closed, Reopened(), LATER)
    assert from_json(to_json(run)) == run
