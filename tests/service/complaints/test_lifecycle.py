"""What may follow what: every pair of state and deed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.complaints.lifecycle import (
    FOLDING,
    MET,
    MOVES,
    RUNS,
    STARTED,
    WAITING,
    Deed,
    State,
    after,
    allowed,
)
from service.errors import IllegalTransition

LIFE = (Deed.ANSWER, Deed.RESPOND, Deed.RESOLVE, Deed.TELL, Deed.RATE, Deed.CLOSE)


def test_a_whole_life() -> None:
    state, states = State.OPEN, []
    for deed in LIFE:
        state = after(state, deed)
        states.append(state.value)
    assert states == ["answered", "responded", "resolved", "told", "rated", "closed"]


def test_a_response_may_be_the_first_answer() -> None:
    assert after(State.OPEN, Deed.RESPOND) is State.RESPONDED


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("deed", Deed)
def test_what_is_not_allowed_says_what_is(state: State, deed: Deed) -> None:
    if deed in allowed(state):
        assert after(state, deed) in State
        return
    with pytest.raises(IllegalTransition) as refused:
        after(state, deed)
    assert state.value in refused.value.detail
    assert all(item.value in refused.value.detail for item in allowed(state))


def test_nobody_is_told_before_it_is_resolved() -> None:
    with pytest.raises(IllegalTransition, match="resolve it first"):
        after(State.RESPONDED, Deed.TELL)


def test_what_is_rated_after_the_end_stays_closed() -> None:
    assert after(State.CLOSED, Deed.RATE) is State.CLOSED


@settings(max_examples=60)
@given(st.lists(st.sampled_from(Deed), max_size=12))
def test_a_person_waits_exactly_while_a_clock_runs(deeds: list[Deed]) -> None:
    state, running = State.OPEN, set(STARTED[Deed.REOPEN])
    for deed in deeds:
        if state not in MOVES[deed]:
            continue
        before, state = state, after(state, deed)
        running -= set(MET.get(deed, ()))
        if deed is Deed.DISMISS:
            running.clear()
        if before is not State.RESPONDED or deed is not Deed.DISPUTE:
            running |= set(STARTED.get(deed, ()))
        assert running == {clock for clock, states in RUNS.items() if state in states}
        assert (WAITING.get(state) in running) == (state in FOLDING)
