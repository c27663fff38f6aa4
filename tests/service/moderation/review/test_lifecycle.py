"""Every move of an item's life, and what no sequence of moves can bring about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, ServiceError
from service.moderation.review.lifecycle import (
    UNDECIDED,
    Line,
    Ruling,
    Standing,
    State,
    appeal,
    claim,
    decide,
    decide_alike,
    escalate,
    is_appealable,
    release,
    standing_at,
    withdraw,
)
from tests.support.clock import START

LEASE = timedelta(minutes=15)
NEW = Standing(line=Line.SECOND)
CLAIMED = claim(NEW, by="anna", now=START, lease=LEASE)
BLOCKED = decide(CLAIMED, by="anna", now=START, ruling=Ruling.BLOCK)
PASSED = decide(CLAIMED, by="anna", now=START, ruling=Ruling.PASS)
LATER = START + LEASE


def test_a_claim_has_a_holder_and_an_end() -> None:
    assert (CLAIMED.state, CLAIMED.holder, CLAIMED.lease_until) == (State.CLAIMED, "anna", LATER)


def test_claiming_again_renews() -> None:
    later = START + timedelta(minutes=10)
    assert claim(CLAIMED, by="anna", now=later, lease=LEASE).lease_until == later + LEASE


def test_nobody_takes_what_another_holds() -> None:
    with pytest.raises(Conflict, match="anna has it until"):
        claim(CLAIMED, by="bo", now=START, lease=LEASE)


def test_a_claim_runs_out_by_the_clock() -> None:
    assert standing_at(CLAIMED, LATER - timedelta(seconds=1)) == CLAIMED
    assert standing_at(CLAIMED, LATER) == NEW
    assert claim(CLAIMED, by="bo", now=LATER, lease=LEASE).holder == "bo"


def test_what_ran_out_must_be_claimed_again() -> None:
    with pytest.raises(Conflict, match=r"ran out.*claim it again"):
        decide(CLAIMED, by="anna", now=LATER, ruling=Ruling.PASS)


def test_a_released_item_is_free() -> None:
    assert release(CLAIMED, by="anna", now=START) == NEW


@pytest.mark.parametrize("standing", [NEW, CLAIMED])
def test_only_the_holder_acts(standing: Standing) -> None:
    for deed in (
        lambda: release(standing, by="bo", now=START),
        lambda: decide(standing, by="bo", now=START, ruling=Ruling.PASS),
        lambda: escalate(standing, by="bo", now=START, reason="unsure"),
    ):
        with pytest.raises(Conflict, match=r"you cannot|claim it before"):
            deed()


def test_a_verdict_ends_the_claim_and_keeps_who_made_it() -> None:
    assert (BLOCKED.state, BLOCKED.holder, BLOCKED.ruling) == (State.DECIDED, None, Ruling.BLOCK)
    assert BLOCKED.decided_by == ((Line.SECOND, "anna"),)


def test_nothing_is_claimed_after_a_verdict() -> None:
    with pytest.raises(IllegalTransition, match=r"it is decided \(block\)"):
        claim(BLOCKED, by="bo", now=START, lease=LEASE)


def test_escalating_leads_to_the_panel() -> None:
    raised = escalate(CLAIMED, by="anna", now=START, reason="two readings")
    assert raised == replace(NEW, line=Line.THIRD)


def test_escalating_takes_a_reason() -> None:
    with pytest.raises(InvalidInput, match="reason"):
        escalate(CLAIMED, by="anna", now=START, reason=" ")


@pytest.mark.parametrize("line", [Line.THIRD, Line.LEGAL])
def test_a_last_line_decides(line: Line) -> None:
    with pytest.raises(IllegalTransition, match="last word"):
        escalate(replace(CLAIMED, line=line), by="anna", now=START, reason="unsure")


def test_an_appeal_leads_to_the_next_line_and_the_ruling_holds_meanwhile() -> None:
    heard = appeal(BLOCKED, words="I asked for help")
    assert (heard.line, heard.state, heard.ruling) == (Line.THIRD, State.PENDING, Ruling.BLOCK)
    assert heard.appealed


def test_whoever_decided_below_does_not_decide_above() -> None:
    heard = appeal(BLOCKED, words="no")
    with pytest.raises(Forbidden, match="second line"):
        claim(heard, by="anna", now=START, lease=LEASE)
    assert claim(heard, by="eve", now=START, lease=LEASE).holder == "eve"


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (NEW, "pending"),
        (PASSED, "passed"),
        (replace(BLOCKED, line=Line.LEGAL), "last word"),
        (replace(BLOCKED, appealed=True), "made before"),
    ],
)
def test_an_appeal_that_is_not_heard(standing: Standing, why: str) -> None:
    assert not is_appealable(standing)
    with pytest.raises(IllegalTransition, match=why):
        appeal(standing, words="no")


def test_an_appeal_has_words() -> None:
    assert is_appealable(BLOCKED)
    with pytest.raises(InvalidInput, match="words"):
        appeal(BLOCKED, words="")


def test_a_copy_is_decided_alike_whoever_holds_it() -> None:
    copy = claim(NEW, by="bo", now=START, lease=LEASE)
    alike = decide_alike(copy, by="anna", ruling=Ruling.BLOCK)
    assert alike is not None
    assert (alike.state, alike.holder, alike.decided_by) == (
        State.DECIDED,
        None,
        ((Line.SECOND, "anna"),),
    )


@pytest.mark.parametrize(
    "standing",
    [BLOCKED, appeal(BLOCKED, words="no"), replace(NEW, barred=frozenset({"anna"}))],
)
def test_copies_that_are_left_alone(standing: Standing) -> None:
    assert decide_alike(standing, by="anna", ruling=Ruling.PASS) is None


def test_whoever_gave_the_first_opinion_is_barred_from_the_second() -> None:
    with pytest.raises(Forbidden, match="another person"):
        claim(replace(NEW, barred=frozenset({"anna"})), by="anna", now=START, lease=LEASE)


def test_withdrawing_ends_it() -> None:
    assert withdraw(CLAIMED).state is State.WITHDRAWN
    with pytest.raises(IllegalTransition):
        withdraw(BLOCKED)
    with pytest.raises(IllegalTransition, match=r"withdrawn$"):
        claim(withdraw(NEW), by="anna", now=START, lease=LEASE)


PEOPLE = st.sampled_from(["anna", "bo", "eve"])
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), PEOPLE),
        st.tuples(st.just("release"), PEOPLE),
        st.tuples(st.just("pass"), PEOPLE),
        st.tuples(st.just("block"), PEOPLE),
        st.tuples(st.just("escalate"), PEOPLE),
        st.tuples(st.just("appeal"), PEOPLE),
        st.tuples(st.just("wait"), PEOPLE),
    ),
    max_size=40,
)


@settings(max_examples=200)
@given(moves=MOVES, line=st.sampled_from(Line))
def test_no_sequence_breaks_the_invariants(moves: list[tuple[str, str]], line: Line) -> None:
    standing, now, appeals = Standing(line=line), START, 0
    for move, by in moves:
        before = standing_at(standing, now)
        try:
            if move == "claim":
                standing = claim(standing, by=by, now=now, lease=LEASE)
                assert before.holder in (None, by)
            elif move == "release":
                standing = release(standing, by=by, now=now)
            elif move == "escalate":
                standing = escalate(standing, by=by, now=now, reason="unsure")
            elif move == "appeal":
                standing = appeal(standing, words="no")
                appeals += 1
                assert before.ruling is Ruling.BLOCK
            elif move == "wait":
                now += timedelta(minutes=8)
            else:
                standing = decide(standing, by=by, now=now, ruling=Ruling(move))
                assert before.holder == by
        except ServiceError:
            assert standing_at(standing, now) == before
        lines = [decided for decided, _ in standing.decided_by]
        people = [person for _, person in standing.decided_by]
        assert len(set(lines)) == len(lines)
        assert len(set(people)) == len(people)
        assert appeals <= 1
        assert (standing.state is State.CLAIMED) == (standing.holder is not None)
        assert standing.state in UNDECIDED or standing.ruling is not None
