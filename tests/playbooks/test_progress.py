from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from playbooks import (
    Announce,
    Announcement,
    Cancel,
    DeadlineKind,
    DeadlinePassed,
    EarlierPostFound,
    Effect,
    Event,
    Ignored,
    IgnoredReason,
    IllegalEvent,
    IncidentEvent,
    Library,
    Moment,
    Run,
    ScenarioNamed,
    Schedule,
    StepDone,
    StepState,
    TierChanged,
    Withdrawn,
    advance,
    start,
)
from tests.playbooks.sample import HOUR, MINUTE, T0


def begin(
    library: Library,
    *,
    tier: str = "yellow",
    first_post_at: datetime | None = None,
    playbook: str = "product_quality",
) -> tuple[Run, tuple[Effect, ...]]:
    return start(
        library.playbook(playbook),
        run_id="r",
        tier=tier,
        opened_at=T0,
        first_post_at=first_post_at,
        scenario=playbook,
    )


def states(run: Run) -> dict[str, str]:
    return {step.id: step.state.value for step in run.steps}


def announced(effects: tuple[Effect, ...]) -> list[tuple[str, str, timedelta | None]]:
    return [
        (effect.step, effect.event.value, effect.late_by)
        for effect in effects
        if isinstance(effect, Announce)
    ]


def ignored(run: Run, event: Event, now: datetime) -> IgnoredReason:
    after, effects = advance(run, event, now)
    assert after is run
    (effect,) = effects
    assert isinstance(effect, Ignored)
    return effect.reason


# --- opening ---


def test_opening_sets_every_timer(library: Library) -> None:
    run, effects = begin(library)
    timers = {(e.step, e.kind): e.at for e in effects if isinstance(e, Schedule)}
    assert timers == run.timers()
    assert timers[("acknowledge", DeadlineKind.DUE)] == T0 + 30 * MINUTE


def test_opening_does_the_steps_that_it_is(library: Library) -> None:
    run, effects = begin(library, first_post_at=T0 - 4 * MINUTE)
    detected = run.step("detected")
    assert (detected.state, detected.done_at, detected.breached_at) == (StepState.DONE, T0, None)
    assert announced(effects) == [("detected", "done", None)]


def test_late_detection_is_one_breach_and_one_word(library: Library) -> None:
    run, effects = begin(library, first_post_at=T0 - 25 * MINUTE)
    detected = run.step("detected")
    assert (detected.state, detected.breached_at) == (StepState.DONE, T0)
    assert detected.late_by == 15 * MINUTE
    assert announced(effects) == [("detected", "done", 15 * MINUTE)]


def test_past_due_at_opening_is_one_breach_at_once(library: Library) -> None:
    run, effects = begin(library, tier="red", first_post_at=T0 - 7 * HOUR)
    sample = run.step("sample")
    assert (sample.state, sample.breached_at) == (StepState.BREACHED, T0)
    assert sample.due_at == T0 - 2 * HOUR
    assert ("sample", "due", 2 * HOUR) in announced(effects)
    timers = [(e.kind, e.at) for e in effects if isinstance(e, Schedule) and e.step == "sample"]
    assert timers == [(DeadlineKind.ESCALATE, T0 + 10 * MINUTE)]
    assert run.breaches == 2


def test_a_tier_that_the_playbook_lacks_is_refused(library: Library) -> None:
    with pytest.raises(IllegalEvent, match="has no tier 'pink'; known: yellow, orange, red"):
        begin(library, tier="pink")


def test_a_naive_now_is_refused(library: Library) -> None:
    with pytest.raises(IllegalEvent, match="give `now` a zone"):
        advance(begin(library)[0], Withdrawn(), T0.replace(tzinfo=None))


# --- the incident ---


def test_acknowledging_does_its_step_and_starts_what_waits_for_it(library: Library) -> None:
    run, effects = advance(
        begin(library)[0], IncidentEvent(moment=Moment.ACKNOWLEDGED, by="u1"), T0 + 9 * MINUTE
    )
    step = run.step("acknowledge")
    assert (step.state, step.by, step.late_by) == (StepState.DONE, "u1", None)
    assert run.step("debrief").due_at == T0 + 129 * MINUTE
    assert effects == (
        Announce(step="acknowledge", event=Announcement.DONE),
        Cancel(step="acknowledge", kind=DeadlineKind.WARN),
        Cancel(step="acknowledge", kind=DeadlineKind.DUE),
        Cancel(step="acknowledge", kind=DeadlineKind.ESCALATE),
        Schedule(step="debrief", kind=DeadlineKind.WARN, at=T0 + 105 * MINUTE),
        Schedule(step="debrief", kind=DeadlineKind.DUE, at=T0 + 129 * MINUTE),
        Schedule(step="debrief", kind=DeadlineKind.ESCALATE, at=T0 + 139 * MINUTE),
    )


def test_acknowledging_late_is_a_breach_even_before_the_timer_fired(library: Library) -> None:
    run, effects = advance(
        begin(library)[0], IncidentEvent(moment=Moment.ACKNOWLEDGED), T0 + 40 * MINUTE
    )
    assert run.step("acknowledge").breached_at == T0 + 30 * MINUTE
    assert announced(effects) == [("acknowledge", "done", 10 * MINUTE)]


def test_acknowledging_twice_changes_nothing(library: Library) -> None:
    event = IncidentEvent(moment=Moment.ACKNOWLEDGED)
    run, _ = advance(begin(library)[0], event, T0 + MINUTE)
    assert ignored(run, event, T0 + HOUR) is IgnoredReason.REPEATED


def test_closing_cancels_all_but_what_follows_it(library: Library) -> None:
    run, effects = advance(
        begin(library, tier="red")[0], IncidentEvent(moment=Moment.CLOSED), T0 + 2 * MINUTE
    )
    assert states(run) == {
        "detected": "done",
        "acknowledge": "cancelled",
        "team": "cancelled",
        "assess": "cancelled",
        "debrief": "cancelled",
        "brief_executive": "cancelled",
        "close": "done",
        "review": "pending",
        "publish_review": "pending",
        "sample": "cancelled",
    }
    assert {effect.step for effect in effects if isinstance(effect, Schedule)} == {
        "review",
        "publish_review",
    }
    assert Cancel(step="team", kind=DeadlineKind.DUE) in effects


def test_a_late_step_stays_late_after_closing_and_is_not_escalated(library: Library) -> None:
    run, _ = begin(library)
    event = DeadlinePassed(step="acknowledge", kind=DeadlineKind.DUE)
    run, _ = advance(run, event, T0 + 30 * MINUTE)
    run, effects = advance(run, IncidentEvent(moment=Moment.CLOSED), T0 + 31 * MINUTE)
    assert run.step("acknowledge").state is StepState.BREACHED
    assert Cancel(step="acknowledge", kind=DeadlineKind.ESCALATE) in effects


def test_the_review_is_done_after_closing(library: Library) -> None:
    run, _ = advance(begin(library)[0], IncidentEvent(moment=Moment.CLOSED), T0 + HOUR)
    run, _ = advance(run, StepDone(step="review"), T0 + 2 * HOUR)
    assert run.step("publish_review").due_at == T0 + 26 * HOUR
    assert states(run)["acknowledge"] == "cancelled"
    run, _ = advance(run, StepDone(step="publish_review"), T0 + 3 * HOUR)
    assert run.ended


@pytest.mark.parametrize(
    "event",
    [
        TierChanged(tier="red"),
        IncidentEvent(moment=Moment.ACKNOWLEDGED),
        IncidentEvent(moment=Moment.RESOLVED),
    ],
)
def test_after_closing_nothing_else_moves_the_run(library: Library, event: Event) -> None:
    run, _ = advance(begin(library)[0], IncidentEvent(moment=Moment.CLOSED), T0 + HOUR)
    assert ignored(run, event, T0 + 2 * HOUR) is IgnoredReason.RUN_OVER


def test_withdrawing_cancels_everything(library: Library) -> None:
    run, effects = advance(begin(library)[0], Withdrawn(by="u1"), T0 + MINUTE)
    assert set(states(run).values()) == {"done", "cancelled"}
    assert all(isinstance(effect, Cancel) for effect in effects)
    assert ignored(run, Withdrawn(), T0 + HOUR) is IgnoredReason.REPEATED


def test_an_earlier_post_is_shown_and_moves_no_deadline(library: Library) -> None:
    before, _ = begin(library, tier="red")
    run, effects = advance(before, EarlierPostFound(at=T0 - 9 * HOUR), T0 + MINUTE)
    assert run.earliest_post == T0 - 9 * HOUR
    assert effects == ()
    assert run.timers() == before.timers()
    later = EarlierPostFound(at=T0 - 8 * HOUR)
    assert ignored(run, later, T0 + MINUTE) is IgnoredReason.NOT_EARLIER
    raised, _ = advance(run, TierChanged(tier="yellow"), T0 + MINUTE)
    assert raised.anchors.first_post == T0


# --- the tier ---


def test_a_raise_moves_open_deadlines_and_adds_steps(library: Library) -> None:
    run, effects = advance(begin(library)[0], TierChanged(tier="red"), T0 + 10 * MINUTE)
    assert run.tier == "red"
    assert run.step("acknowledge").due_at == T0 + 15 * MINUTE
    assert run.step("team").due_at == T0 + 40 * MINUTE
    assert run.step("assess").due_at == T0 + 55 * MINUTE
    assert run.step("brief_executive").due_at == T0 + 20 * MINUTE
    assert Schedule(step="acknowledge", kind=DeadlineKind.DUE, at=T0 + 15 * MINUTE) in effects
    assert [step.order for step in run.steps] == sorted(step.order for step in run.steps)


def test_done_steps_carry_over_a_raise(library: Library) -> None:
    run, _ = advance(begin(library)[0], IncidentEvent(moment=Moment.ACKNOWLEDGED), T0 + 9 * MINUTE)
    run, _ = advance(run, TierChanged(tier="red"), T0 + 10 * MINUTE)
    assert run.step("acknowledge").done_at == T0 + 9 * MINUTE
    assert run.step("acknowledge").due_at == T0 + 30 * MINUTE


def test_a_late_step_keeps_its_due_time_and_takes_the_new_words(library: Library) -> None:
    run, _ = begin(library, tier="orange")
    run, _ = advance(run, DeadlinePassed(step="team", kind=DeadlineKind.DUE), T0 + HOUR)
    run, effects = advance(run, TierChanged(tier="red"), T0 + 61 * MINUTE)
    team = run.step("team")
    assert (team.state, team.due_at) == (StepState.BREACHED, T0 + HOUR)
    assert team.instructions is not None
    assert team.instructions.zh == "高管到场"
    assert announced(effects) == []


def test_a_moved_deadline_is_warned_of_again(library: Library) -> None:
    run, _ = begin(library)
    warn = DeadlinePassed(step="acknowledge", kind=DeadlineKind.WARN)
    run, _ = advance(run, warn, T0 + 24 * MINUTE)
    run, effects = advance(run, TierChanged(tier="red"), T0 + 24 * MINUTE)
    assert Schedule(step="acknowledge", kind=DeadlineKind.WARN, at=T0 + 28 * MINUTE) in effects


def test_a_kept_deadline_is_not_warned_of_again(library: Library) -> None:
    run, _ = begin(library)
    warn = DeadlinePassed(step="acknowledge", kind=DeadlineKind.WARN)
    run, _ = advance(run, warn, T0 + 28 * MINUTE)
    run, effects = advance(run, TierChanged(tier="red"), T0 + 28 * MINUTE)
    steps = {effect.step for effect in effects if isinstance(effect, Schedule)}
    assert "acknowledge" not in steps


def test_lowering_cancels_what_the_tier_lacks_and_raising_asks_again(library: Library) -> None:
    run, _ = begin(library, tier="orange")
    run, _ = advance(run, DeadlinePassed(step="team", kind=DeadlineKind.DUE), T0 + HOUR)
    run, effects = advance(run, TierChanged(tier="yellow"), T0 + 65 * MINUTE)
    team = run.step("team")
    assert (team.state, team.breached_at) == (StepState.CANCELLED, T0 + HOUR)
    assert Cancel(step="team", kind=DeadlineKind.ESCALATE) in effects
    run, _ = advance(run, TierChanged(tier="red"), T0 + 2 * HOUR)
    team = run.step("team")
    assert (team.state, team.due_at) == (StepState.PENDING, T0 + 150 * MINUTE)
    assert team.breached_at == T0 + HOUR


def test_the_same_tier_changes_nothing(library: Library) -> None:
    event = TierChanged(tier="yellow")
    assert ignored(begin(library)[0], event, T0 + MINUTE) is IgnoredReason.REPEATED


# --- the scenario ---


def named(library: Library, minutes: int, *events: Event) -> tuple[Run, tuple[Effect, ...]]:
    run, _ = begin(library, tier="red", playbook="unclassified")
    for event in events:
        run, _ = advance(run, event, T0 + MINUTE)
    event = ScenarioNamed(scenario="product_quality", playbook=library.playbook("product_quality"))
    return advance(run, event, T0 + minutes * MINUTE)


def test_naming_the_scenario_takes_its_playbook(library: Library) -> None:
    run, _ = named(library, 20)
    assert (run.scenario, run.playbook.id) == ("product_quality", "product_quality")
    assert run.step("name_scenario").state is StepState.CANCELLED
    assert run.step("team").due_at == T0 + 30 * MINUTE
    assert run.step("detected").state is StepState.DONE


def test_done_steps_carry_over_into_the_new_playbook(library: Library) -> None:
    run, effects = named(
        library,
        20,
        IncidentEvent(moment=Moment.ACKNOWLEDGED, by="u1"),
        StepDone(step="name_scenario"),
    )
    assert (run.step("acknowledge").state, run.step("acknowledge").by) == (StepState.DONE, "u1")
    assert run.step("name_scenario").state is StepState.DONE
    assert run.step("debrief").due_at == T0 + 121 * MINUTE
    assert announced(effects) == [("detected", "done", None)]


def test_steps_that_the_new_playbook_finds_late_are_one_breach(library: Library) -> None:
    run, effects = named(library, 40)
    assert run.step("team").state is StepState.BREACHED
    assert run.step("team").breached_at == T0 + 40 * MINUTE
    assert ("team", "due", 10 * MINUTE) in announced(effects)


def test_naming_again_changes_nothing(library: Library) -> None:
    run, _ = named(library, 20)
    event = ScenarioNamed(scenario="product_quality", playbook=run.playbook)
    assert ignored(run, event, T0 + HOUR) is IgnoredReason.REPEATED


def test_naming_after_the_end_changes_nothing(library: Library) -> None:
    run, _ = advance(begin(library)[0], Withdrawn(), T0 + MINUTE)
    event = ScenarioNamed(scenario="outage", playbook=library.playbook("unclassified"))
    assert ignored(run, event, T0 + HOUR) is IgnoredReason.RUN_OVER
