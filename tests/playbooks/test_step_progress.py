from __future__ import annotations

import pytest

from playbooks import (
    Announce,
    Announcement,
    Cancel,
    DeadlineKind,
    DeadlinePassed,
    IgnoredReason,
    IllegalStep,
    IncidentEvent,
    Library,
    Moment,
    Run,
    Schedule,
    StepDone,
    StepReopened,
    StepSkipped,
    StepState,
    UnknownStep,
    Withdrawn,
    advance,
)
from tests.playbooks.sample import HOUR, MINUTE, T0
from tests.playbooks.test_progress import announced, begin, ignored

WARN, DUE, ESCALATE = DeadlineKind.WARN, DeadlineKind.DUE, DeadlineKind.ESCALATE


@pytest.fixture
def run(library: Library) -> Run:
    return begin(library, tier="red")[0]


# --- done ---


def test_doing_a_step_fixes_what_is_anchored_on_it(run: Run) -> None:
    after, effects = advance(run, StepDone(step="team", by="u1", note="齐了"), T0 + 20 * MINUTE)
    team = after.step("team")
    assert (team.state, team.done_at, team.by, team.note) == (
        StepState.DONE,
        T0 + 20 * MINUTE,
        "u1",
        "齐了",
    )
    assert after.step("assess").due_at == T0 + 35 * MINUTE
    assert effects[0] == Announce(step="team", event=Announcement.DONE)
    assert Schedule(step="assess", kind=DUE, at=T0 + 35 * MINUTE) in effects
    assert Cancel(step="team", kind=DUE) in effects


def test_done_late_before_the_timer_fired_is_a_breach(run: Run) -> None:
    after, effects = advance(run, StepDone(step="team"), T0 + 40 * MINUTE)
    assert after.step("team").breached_at == T0 + 30 * MINUTE
    assert announced(effects) == [("team", "done", 10 * MINUTE)]


def test_a_late_step_that_is_done_keeps_its_breach(run: Run) -> None:
    late, _ = advance(run, DeadlinePassed(step="team", kind=DUE), T0 + 30 * MINUTE)
    after, _ = advance(late, StepDone(step="team"), T0 + 50 * MINUTE)
    assert after.step("team").breached_at == T0 + 30 * MINUTE
    assert after.breaches == 1


def test_doing_twice_changes_nothing(run: Run) -> None:
    run, _ = advance(run, StepDone(step="team"), T0 + MINUTE)
    assert ignored(run, StepDone(step="team"), T0 + HOUR) is IgnoredReason.REPEATED


def test_needs_come_first(run: Run) -> None:
    with pytest.raises(IllegalStep, match="step assess: first do or skip team"):
        advance(run, StepDone(step="assess"), T0 + MINUTE)


def test_a_skipped_need_is_met(run: Run) -> None:
    run, _ = advance(run, StepSkipped(step="team", reason="已在现场"), T0 + MINUTE)
    run, _ = advance(run, StepDone(step="assess"), T0 + 2 * MINUTE)
    assert run.step("assess").state is StepState.DONE


def test_a_step_that_the_incident_does_is_not_done_by_hand(run: Run) -> None:
    with pytest.raises(IllegalStep, match="done by the incident being acknowledged: record that"):
        advance(run, StepDone(step="acknowledge"), T0 + MINUTE)


def test_an_unknown_step_is_refused(run: Run) -> None:
    with pytest.raises(UnknownStep, match="step x"):
        advance(run, StepDone(step="x"), T0 + MINUTE)


def test_a_cancelled_step_is_refused(run: Run) -> None:
    run, _ = advance(run, Withdrawn(), T0 + MINUTE)
    with pytest.raises(IllegalStep, match="it is cancelled"):
        advance(run, StepDone(step="team"), T0 + MINUTE)


# --- skipped ---


def test_a_mandatory_step_is_skipped_with_a_reason(run: Run) -> None:
    for reason in (None, "  "):
        with pytest.raises(IllegalStep, match="it is mandatory: say why"):
            advance(run, StepSkipped(step="team", reason=reason), T0 + MINUTE)
    run, effects = advance(run, StepSkipped(step="team", by="u1", reason=" 不需要 "), T0 + MINUTE)
    assert (run.step("team").state, run.step("team").note) == (StepState.SKIPPED, "不需要")
    assert announced(effects) == []
    assert run.step("assess").due_at == T0 + 16 * MINUTE


def test_a_voluntary_step_is_skipped_without_one(run: Run) -> None:
    run, _ = advance(run, StepSkipped(step="debrief"), T0 + MINUTE)
    assert run.step("debrief").state is StepState.SKIPPED
    assert ignored(run, StepSkipped(step="debrief"), T0 + HOUR) is IgnoredReason.REPEATED


def test_a_done_step_is_not_skipped(run: Run) -> None:
    run, _ = advance(run, StepDone(step="team"), T0 + MINUTE)
    with pytest.raises(IllegalStep, match="it is done"):
        advance(run, StepSkipped(step="team", reason="x"), T0 + MINUTE)


# --- reopened ---


def test_reopening_sets_the_old_clock_going_again(run: Run) -> None:
    done, _ = advance(run, StepDone(step="team"), T0 + MINUTE)
    again, effects = advance(done, StepReopened(step="team", by="u2", note="缺人"), T0 + 2 * MINUTE)
    assert again.timers() == run.timers()
    assert (again.step("team").by, again.step("team").note) == ("u2", "缺人")
    assert Schedule(step="team", kind=DUE, at=T0 + 30 * MINUTE) in effects


def test_a_late_step_is_late_when_reopened(run: Run) -> None:
    run, _ = advance(run, StepDone(step="team"), T0 + 40 * MINUTE)
    run, _ = advance(run, StepReopened(step="team"), T0 + 41 * MINUTE)
    assert run.step("team").state is StepState.BREACHED


def test_reopening_an_open_step_changes_nothing(run: Run) -> None:
    assert ignored(run, StepReopened(step="team"), T0 + MINUTE) is IgnoredReason.REPEATED


def test_what_happened_is_not_taken_back(run: Run) -> None:
    with pytest.raises(IllegalStep, match="cannot be taken back"):
        advance(run, StepReopened(step="detected"), T0 + MINUTE)


def test_nothing_is_reopened_after_closing_but_the_review(run: Run) -> None:
    run, _ = advance(run, StepDone(step="team"), T0 + MINUTE)
    run, _ = advance(run, IncidentEvent(moment=Moment.CLOSED), T0 + 2 * MINUTE)
    for step in ("team", "sample"):
        with pytest.raises(IllegalStep, match="no longer asked for"):
            advance(run, StepReopened(step=step), T0 + 3 * MINUTE)
    run, _ = advance(run, StepDone(step="review"), T0 + 4 * MINUTE)
    run, _ = advance(run, StepReopened(step="review"), T0 + 5 * MINUTE)
    assert run.step("review").state is StepState.PENDING


# --- deadlines ---


def test_a_warning_is_given_once(run: Run) -> None:
    warn = DeadlinePassed(step="team", kind=WARN)
    run, effects = advance(run, warn, T0 + 24 * MINUTE)
    assert effects == (Announce(step="team", event=Announcement.DUE_SOON),)
    assert ignored(run, warn, T0 + 25 * MINUTE) is IgnoredReason.ALREADY_ANNOUNCED


def test_a_passed_deadline_is_a_breach_once(run: Run) -> None:
    due = DeadlinePassed(step="team", kind=DUE)
    run, effects = advance(run, due, T0 + 30 * MINUTE)
    assert effects == (
        Announce(step="team", event=Announcement.DUE),
        Cancel(step="team", kind=WARN),
    )
    team = run.step("team")
    assert (team.state, team.breached_at) == (StepState.BREACHED, T0 + 30 * MINUTE)
    assert ignored(run, due, T0 + HOUR) is IgnoredReason.ALREADY_ANNOUNCED


def test_a_deadline_that_fires_late_says_by_how_much(run: Run) -> None:
    run, effects = advance(run, DeadlinePassed(step="team", kind=DUE), T0 + 33 * MINUTE)
    assert announced(effects) == [("team", "due", 3 * MINUTE)]
    assert run.step("team").breached_at == T0 + 30 * MINUTE


def test_escalation_comes_once_after_the_breach(run: Run) -> None:
    run, _ = advance(run, DeadlinePassed(step="team", kind=DUE), T0 + 30 * MINUTE)
    escalate = DeadlinePassed(step="team", kind=ESCALATE)
    run, effects = advance(run, escalate, T0 + 40 * MINUTE)
    assert effects == (Announce(step="team", event=Announcement.ESCALATED),)
    assert ignored(run, escalate, T0 + HOUR) is IgnoredReason.ALREADY_ANNOUNCED


def test_escalation_that_overtakes_the_breach_tells_both(run: Run) -> None:
    run, effects = advance(run, DeadlinePassed(step="team", kind=ESCALATE), T0 + 41 * MINUTE)
    assert announced(effects) == [
        ("team", "due", 11 * MINUTE),
        ("team", "escalated", MINUTE),
    ]
    assert Cancel(step="team", kind=DUE) in effects
    assert run.breaches == 1


@pytest.mark.parametrize(
    ("step", "kind", "minutes", "reason"),
    [
        ("x", DUE, 99, IgnoredReason.UNKNOWN_STEP),
        ("detected", DUE, 99, IgnoredReason.NOT_OPEN),
        ("close", DUE, 99, IgnoredReason.NO_DEADLINE),
        ("team", WARN, 23, IgnoredReason.NOT_YET),
        ("team", DUE, 29, IgnoredReason.NOT_YET),
        ("team", ESCALATE, 39, IgnoredReason.NOT_YET),
        ("team", WARN, 30, IgnoredReason.OVERTAKEN),
    ],
)
def test_timers_that_mean_nothing(
    run: Run, step: str, kind: DeadlineKind, minutes: int, reason: IgnoredReason
) -> None:
    event = DeadlinePassed(step=step, kind=kind)
    assert ignored(run, event, T0 + minutes * MINUTE) is reason


def test_after_closing_a_late_step_is_not_escalated(run: Run) -> None:
    run, _ = advance(run, DeadlinePassed(step="team", kind=DUE), T0 + 30 * MINUTE)
    run, _ = advance(run, IncidentEvent(moment=Moment.CLOSED), T0 + 31 * MINUTE)
    event = DeadlinePassed(step="team", kind=ESCALATE)
    assert ignored(run, event, T0 + HOUR) is IgnoredReason.NOT_OPEN
