"""The checklist's order."""

from __future__ import annotations

from dataclasses import replace

from playbooks import RunStep, StepState, start
from service.console.pages.incident.steps import steps_by_role
from tests.support.clock import START
from tests.support.incident_scene import shipped_library


def steps() -> tuple[RunStep, ...]:
    run, _ = start(
        shipped_library().playbook_for("safety_incident"),
        run_id="run_1",
        tier="red",
        opened_at=START,
        first_post_at=START,
        scenario="safety_incident",
    )
    return run.steps


def test_every_step_stands_under_its_role_once():
    grouped = steps_by_role(steps())
    assert sorted(step.id for _, group in grouped for step in group) == sorted(
        step.id for step in steps()
    )
    assert all(step.step.role.value == role for role, group in grouped for step in group)


def test_open_steps_come_first_by_due_time_and_those_without_last():
    for _, group in steps_by_role(steps()):
        open_steps = [step for step in group if step.open]
        assert list(group[: len(open_steps)]) == open_steps
        due = [step.due_at for step in open_steps if step.due_at is not None]
        assert due == sorted(due)
        assert [step.due_at for step in open_steps[: len(due)]] == due


def test_the_role_with_the_most_urgent_open_step_comes_first():
    dated = [(step.due_at, step.order, step) for step in steps() if step.open and step.due_at]
    urgent = min(dated)[2]
    assert steps_by_role(steps())[0][0] == urgent.step.role.value


def test_a_role_that_is_through_goes_to_the_end():
    first = steps_by_role(steps())[0][0]
    ended = [
        replace(step, state=StepState.DONE) if step.step.role.value == first else step
        for step in steps()
    ]
    assert steps_by_role(ended)[-1][0] == first
