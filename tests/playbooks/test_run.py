from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from playbooks import (
    DeadlineKind,
    IllegalEvent,
    IncidentEvent,
    Library,
    Moment,
    Run,
    StepState,
    UnknownStep,
    Withdrawn,
    advance,
    from_json,
    start,
    to_json,
)
from tests.playbooks.sample import HOUR, MINUTE, T0


@pytest.fixture
def run(library: Library) -> Run:
    playbook = library.playbook("product_quality")
    return start(playbook, run_id="run_1", tier="red", opened_at=T0, scenario="product_quality")[0]


def test_a_snapshot_is_read_back_as_it_was(run: Run) -> None:
    text = json.dumps(to_json(run), ensure_ascii=False)
    assert from_json(json.loads(text)) == run


def test_a_snapshot_moves_on_like_the_run(run: Run) -> None:
    event = IncidentEvent(moment=Moment.ACKNOWLEDGED, by="u1")
    copy = from_json(to_json(run))
    assert advance(copy, event, T0 + MINUTE) == advance(run, event, T0 + MINUTE)


def test_a_snapshot_says_every_step_whole(run: Run) -> None:
    said = to_json(run)
    assert [row["step"] for row in said["steps"]] == said["playbook"]["steps"]
    assert to_json(from_json(said), playbook=said["playbook"]) == said


def test_a_step_of_an_earlier_playbook_stays_as_it_was(run: Run) -> None:
    first, *rest = run.steps
    older = replace(first, step=first.step.model_copy(update={"mandatory": False}))
    kept = replace(run, steps=(older, *rest))
    said = to_json(run)
    assert from_json(to_json(kept, playbook=said["playbook"])) == kept != run


@pytest.mark.parametrize(
    "broken",
    [
        {"steps": [{"order": 1}]},
        {"steps": [{"order": 1, "step": {"id": "assess"}}]},
        {"steps": None},
        {"playbook": {}},
        {"playbook": None},
        {"id": 7},
    ],
)
def test_a_broken_snapshot_is_refused(run: Run, broken: dict[str, Any]) -> None:
    with pytest.raises(IllegalEvent, match="not the snapshot of a run"):
        from_json(to_json(run) | broken)


def test_a_run_carries_the_version_of_its_content(run: Run, library: Library) -> None:
    assert run.version == library.version


def test_an_unknown_step_is_named(run: Run) -> None:
    with pytest.raises(UnknownStep, match="step x: this run has no such step"):
        run.step("x")


def test_timers_are_those_of_open_steps(run: Run) -> None:
    timers = run.timers()
    assert timers[("acknowledge", DeadlineKind.WARN)] == T0 + 4 * MINUTE
    assert timers[("acknowledge", DeadlineKind.DUE)] == T0 + 5 * MINUTE
    assert timers[("acknowledge", DeadlineKind.ESCALATE)] == T0 + 15 * MINUTE
    assert ("detected", DeadlineKind.DUE) not in timers
    assert ("review", DeadlineKind.DUE) not in timers


def test_what_follows_closing(run: Run) -> None:
    following = {step.id for step in run.steps if run.follows_closing(step)}
    assert following == {"review", "publish_review"}


def test_a_closed_run_ends_with_its_review(run: Run) -> None:
    closed, _ = advance(run, IncidentEvent(moment=Moment.CLOSED), T0 + HOUR)
    assert closed.closed_at == T0 + HOUR
    assert not closed.ended
    assert closed.step("review").due_at == T0 + 73 * HOUR


def test_a_withdrawn_run_has_ended(run: Run) -> None:
    assert not run.ended
    withdrawn, _ = advance(run, Withdrawn(), T0 + HOUR)
    assert withdrawn.ended
    assert withdrawn.timers() == {}


def test_late_by_is_the_time_after_due(library: Library) -> None:
    run, _ = start(
        library.playbook("coverage"), run_id="r", tier="red", opened_at=T0, first_post_at=T0 - HOUR
    )
    assert run.step("look").late_by is None
    assert run.step("look").state is StepState.PENDING
    assert run.breaches == 0
