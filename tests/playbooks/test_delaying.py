"""More time for a step: asked for, granted by somebody else, and clocks that stand still."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from playbooks import (
    DeadlineKind,
    DeadlinePassed,
    DelayAsked,
    DelayDecided,
    DelayKind,
    Effect,
    Ignored,
    IllegalStep,
    IncidentEvent,
    Library,
    Moment,
    Reopened,
    Run,
    Schedule,
    StepDone,
    StepResumed,
    StepSkipped,
    StepState,
    TierChanged,
    advance,
    from_json,
    start,
    to_json,
)
from playbooks.delay import LONGEST
from playbooks.planner import Grant
from tests.playbooks.sample import HOUR, MINUTE, T0
from tests.playbooks.test_planner_office_hours import at, playbook
from tests.playbooks.test_progress import begin


@pytest.fixture
def run(library: Library) -> Run:
    """`team` is due after an hour, `assess` half an hour after it."""
    return begin(library, tier="orange")[0]


def ask(
    run: Run,
    now: datetime,
    step: str = "team",
    *,
    kind: DelayKind = DelayKind.EXTEND,
    lasting: timedelta = 30 * MINUTE,
    reason: str = "人在飞机上",
) -> Run:
    event = DelayAsked(step=step, kind=kind, lasting=lasting, reason=reason, by="u1")
    return advance(run, event, now)[0]


def decide(
    run: Run, now: datetime, step: str = "team", *, granted: bool = True, by: str = "u2"
) -> tuple[Run, tuple[Effect, ...]]:
    return advance(run, DelayDecided(step=step, granted=granted, by=by), now)


def paused(run: Run, now: datetime, lasting: timedelta = 2 * HOUR) -> Run:
    return decide(ask(run, now, kind=DelayKind.PAUSE, lasting=lasting), now)[0]


def test_what_is_asked_for_moves_nothing(run: Run) -> None:
    asked = ask(run, T0 + 10 * MINUTE, reason="  人在飞机上 ")

    request = asked.step("team").request
    assert request is not None
    assert (request.reason, request.by, request.at) == ("人在飞机上", "u1", T0 + 10 * MINUTE)
    assert asked.timers() == run.timers()
    assert from_json(to_json(asked)) == asked


def test_more_time_moves_the_step_and_what_is_anchored_on_it(run: Run) -> None:
    asked = ask(run, T0 + 10 * MINUTE)
    granted, effects = decide(asked, T0 + 20 * MINUTE)

    team = granted.step("team")
    assert (team.due_at, team.request) == (T0 + 90 * MINUTE, None)
    assert team.grants == (Grant(at=T0 + 20 * MINUTE, lasting=30 * MINUTE),)
    assert granted.step("assess").due_at == T0 + 2 * HOUR
    assert Schedule(step="team", kind=DeadlineKind.DUE, at=T0 + 90 * MINUTE) in effects


def test_grants_add_up(run: Run) -> None:
    once, _ = decide(ask(run, T0), T0)
    twice, _ = decide(ask(once, T0 + HOUR), T0 + HOUR)

    assert twice.step("team").due_at == T0 + 2 * HOUR


def test_a_warning_comes_again_for_the_new_deadline(run: Run) -> None:
    warned, _ = advance(run, DeadlinePassed(step="team", kind=DeadlineKind.WARN), T0 + 48 * MINUTE)
    granted, _ = decide(ask(warned, T0 + 50 * MINUTE), T0 + 50 * MINUTE)

    assert granted.timers()[("team", DeadlineKind.WARN)] == T0 + 72 * MINUTE


def test_what_is_refused_leaves_the_deadline(run: Run) -> None:
    refused, effects = decide(ask(run, T0), T0 + MINUTE, granted=False)

    assert refused == run
    assert effects == ()


def test_whoever_asks_does_not_grant(run: Run) -> None:
    with pytest.raises(IllegalStep, match="whoever asks"):
        decide(ask(run, T0), T0, by="u1")


def test_nobody_grants_what_nobody_asked_for(run: Run) -> None:
    with pytest.raises(IllegalStep, match="nobody has asked"):
        decide(run, T0)


def test_a_second_request_waits_for_the_first(run: Run) -> None:
    with pytest.raises(IllegalStep, match="u1 has asked already"):
        ask(ask(run, T0), T0)


@pytest.mark.parametrize("lasting", [timedelta(), -MINUTE, LONGEST + MINUTE])
def test_a_request_has_its_bounds(run: Run, lasting: timedelta) -> None:
    with pytest.raises(IllegalStep, match="at most 7 days"):
        ask(run, T0, lasting=lasting)


def test_a_request_has_a_reason(run: Run) -> None:
    with pytest.raises(IllegalStep, match="say why"):
        ask(run, T0, reason="  ")


@pytest.mark.parametrize("told", [True, False])
def test_a_breach_is_not_taken_back(run: Run, told: bool) -> None:
    asked = ask(run, T0)
    if told:
        due = DeadlinePassed(step="team", kind=DeadlineKind.DUE)
        asked, _ = advance(asked, due, T0 + HOUR)

    with pytest.raises(IllegalStep, match="late already"):
        decide(asked, T0 + HOUR)
    assert decide(asked, T0 + HOUR, granted=False)[0].step("team").request is None


def test_a_step_that_is_over_has_no_time_to_add(run: Run) -> None:
    done, _ = advance(ask(run, T0), StepDone(step="team"), T0)

    assert done.step("team").request is None
    with pytest.raises(IllegalStep, match="it is done"):
        ask(done, T0)


def test_a_step_without_a_deadline_has_none_to_move(run: Run) -> None:
    with pytest.raises(IllegalStep, match="no deadline yet"):
        ask(run, T0, "close")


@pytest.mark.parametrize("kind", DelayKind)
def test_the_law_waits_for_nobody(kind: DelayKind) -> None:
    run, _ = start(playbook(statutory=True), run_id="r", tier="red", opened_at=T0)

    with pytest.raises(IllegalStep, match="the law sets"):
        ask(run, T0, "s", kind=kind)


def test_a_paused_step_has_no_deadline_but_an_end(run: Run) -> None:
    still = paused(run, T0 + 10 * MINUTE)

    team = still.step("team")
    assert (team.due_at, team.warn_at, team.escalate_at) == (None, None, None)
    timers = {key: moment for key, moment in still.timers().items() if key[0] == "team"}
    assert timers == {("team", DeadlineKind.RESUME): T0 + 130 * MINUTE}
    with pytest.raises(IllegalStep, match="stands still already"):
        ask(still, T0 + 10 * MINUTE)


def test_a_clock_goes_on_with_the_time_that_was_left(run: Run) -> None:
    still = paused(run, T0 + 10 * MINUTE)

    by_hand, _ = advance(still, StepResumed(step="team", by="u1"), T0 + 40 * MINUTE)
    by_itself, effects = advance(
        still, DeadlinePassed(step="team", kind=DeadlineKind.RESUME), T0 + 130 * MINUTE
    )

    assert by_hand.step("team").due_at == T0 + 90 * MINUTE
    assert by_itself.step("team").due_at == T0 + 3 * HOUR
    assert by_itself.step("team").pause is None
    assert not [effect for effect in effects if isinstance(effect, Ignored)]


def test_a_clock_that_runs_does_not_go_on(run: Run) -> None:
    with pytest.raises(IllegalStep, match="its clock runs"):
        advance(run, StepResumed(step="team"), T0)


@pytest.mark.parametrize("minutes", [0, 129])
def test_a_pause_does_not_end_early_by_a_timer(run: Run, minutes: int) -> None:
    still = paused(run, T0 + 10 * MINUTE)
    event = DeadlinePassed(step="team", kind=DeadlineKind.RESUME)

    after, effects = advance(still, event, T0 + minutes * MINUTE)

    assert (after, [type(effect) for effect in effects]) == (still, [Ignored])


def test_what_is_done_while_it_stands_still_is_in_time(run: Run) -> None:
    done, _ = advance(paused(run, T0), StepDone(step="team"), T0 + 100 * MINUTE)

    team = done.step("team")
    assert (team.state, team.pause, team.breached_at) == (StepState.DONE, None, None)
    skipped, _ = advance(
        paused(run, T0), StepSkipped(step="team", reason="无需"), T0 + 100 * MINUTE
    )
    assert skipped.step("team").pause is None


def test_office_hours_stand_still_by_office_hours() -> None:
    """Five hours from Friday, 17:00; it stands still over the weekend."""
    run, _ = start(playbook(), run_id="r", tier="yellow", opened_at=at("2026-03-06 17:00"))
    still = decide(
        ask(run, at("2026-03-06 17:30"), "s", kind=DelayKind.PAUSE, lasting=LONGEST),
        at("2026-03-06 17:30"),
        "s",
    )[0]

    after, _ = advance(still, StepResumed(step="s"), at("2026-03-09 10:00"))

    assert run.step("s").due_at == at("2026-03-09 13:00")
    assert after.step("s").due_at == at("2026-03-09 14:30")


def test_a_tier_that_rises_ends_every_pause(run: Run) -> None:
    still = paused(run, T0 + 10 * MINUTE)
    red, _ = advance(still, TierChanged(tier="red"), T0 + 50 * MINUTE)

    team = red.step("team")
    assert team.pause is None
    assert team.due_at == T0 + 80 * MINUTE, "the raise + 30 min is before what is left of the hour"


def test_a_tier_that_falls_leaves_the_pause(run: Run) -> None:
    still = paused(run, T0)
    yellow, _ = advance(
        decide(ask(run, T0, "acknowledge", kind=DelayKind.PAUSE), T0, "acknowledge")[0],
        TierChanged(tier="yellow"),
        T0 + MINUTE,
    )

    assert yellow.step("acknowledge").pause is not None
    assert still.step("team").pause is not None


def test_a_raise_takes_the_earlier_of_what_was_granted_and_its_own(run: Run) -> None:
    long, _ = decide(ask(run, T0, lasting=5 * HOUR), T0)
    short, _ = decide(ask(run, T0, lasting=5 * MINUTE), T0)

    raised = TierChanged(tier="red")

    assert advance(long, raised, T0 + 50 * MINUTE)[0].step("team").due_at == T0 + 80 * MINUTE
    assert advance(short, raised, T0 + 50 * MINUTE)[0].step("team").due_at == T0 + 65 * MINUTE


def test_a_reopened_incident_forgets_what_was_granted(run: Run) -> None:
    granted, _ = decide(ask(run, T0, lasting=5 * HOUR), T0)
    for moment in (Moment.RESOLVED, Moment.CLOSED):
        granted, _ = advance(granted, IncidentEvent(moment=moment), T0 + 10 * MINUTE)

    again, _ = advance(granted, Reopened(), T0 + 2 * HOUR)

    assert again.step("team").due_at == T0 + 3 * HOUR
    assert again.step("team").grants == ()
