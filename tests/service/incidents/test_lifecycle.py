"""The table of moves: what leads where, what is refused, what a second click does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import IllegalTransition, InvalidInput
from service.incidents.lifecycle import (
    NEEDS_REASON,
    OPEN_STATES,
    Action,
    State,
    Transition,
    allowed_actions,
    transition,
)

TERMINAL = frozenset(State) - OPEN_STATES
HAPPY = (Action.ACKNOWLEDGE, Action.RESPOND, Action.MONITOR, Action.RESOLVE, Action.CLOSE)


def test_a_whole_life_from_alarm_to_file() -> None:
    state = State.NEW
    seen = [state]
    for action in HAPPY:
        state = transition(state, action).after
        seen.append(state)
    assert seen == [
        State.NEW,
        State.ACKNOWLEDGED,
        State.RESPONDING,
        State.MONITORING,
        State.RESOLVED,
        State.CLOSED,
    ]


@pytest.mark.parametrize("state", [State.FALSE_POSITIVE, State.MERGED])
def test_what_was_none_or_went_into_another_takes_no_action(state: State) -> None:
    assert allowed_actions(state) == ()


def test_a_closed_file_is_reopened_and_nothing_else() -> None:
    assert allowed_actions(State.CLOSED) == (Action.REOPEN,)


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED])
def test_reopening_leads_back_to_work(state: State) -> None:
    assert transition(state, Action.REOPEN, reason="it burns").after is State.RESPONDING


def test_an_alarm_that_nobody_called_over_is_not_reopened() -> None:
    with pytest.raises(IllegalTransition, match=r"reopen is not possible while .* new"):
        transition(State.NEW, Action.REOPEN, reason="it burns")


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_every_open_incident_can_be_dismissed_or_merged(state: State) -> None:
    assert set(allowed_actions(state)) >= {Action.MARK_FALSE_POSITIVE, Action.MERGE}


@pytest.mark.parametrize("state", [State.MONITORING, State.RESOLVED])
def test_a_fire_that_flares_up_is_answered_again(state: State) -> None:
    assert transition(state, Action.RESPOND).after is State.RESPONDING


def test_nothing_is_resolved_before_somebody_has_seen_it() -> None:
    with pytest.raises(IllegalTransition, match=r"resolve is not possible while .* new"):
        transition(State.NEW, Action.RESOLVE)


def test_closing_takes_a_resolution_first() -> None:
    with pytest.raises(IllegalTransition, match="possible now: respond, monitor, resolve, mark"):
        transition(State.ACKNOWLEDGED, Action.CLOSE)


def test_a_refusal_in_a_merged_file_says_that_nothing_is_possible() -> None:
    with pytest.raises(IllegalTransition, match="possible now: none"):
        transition(State.MERGED, Action.ACKNOWLEDGE)


def test_a_second_click_changes_nothing() -> None:
    assert transition(State.ACKNOWLEDGED, Action.ACKNOWLEDGE) == Transition(
        Action.ACKNOWLEDGE, State.ACKNOWLEDGED, State.ACKNOWLEDGED, changed=False
    )


def test_merging_twice_is_refused_since_the_target_may_be_another() -> None:
    with pytest.raises(IllegalTransition):
        transition(State.MERGED, Action.MERGE, reason="the same")


@pytest.mark.parametrize("action", sorted(NEEDS_REASON))
@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_leaving_the_queue_without_work_takes_a_reason(action: Action, reason: str | None) -> None:
    state = State.CLOSED if action is Action.REOPEN else State.NEW
    with pytest.raises(InvalidInput, match=f"{action.value} needs a reason"):
        transition(state, action, reason=reason)


@given(st.lists(st.sampled_from(Action), max_size=20))
def test_what_is_allowed_and_what_is_done_agree(actions: list[Action]) -> None:
    state = State.NEW
    for action in actions:
        allowed = action in allowed_actions(state)
        try:
            move = transition(state, action, reason="so it was")
        except IllegalTransition:
            assert not allowed
            continue
        assert move.changed == allowed
        assert move.changed == (move.after is not state)
        assert (move.before, move.action) == (state, action)
        assert state not in TERMINAL or not move.changed or action is Action.REOPEN
        state = move.after
