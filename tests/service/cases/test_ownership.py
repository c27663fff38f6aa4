"""Who has it after somebody was named, and after they answered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cases.ownership import HandOver, HandOverState, Passing, answered, passing
from service.errors import Conflict, Forbidden
from tests.support.clock import START

OFFER = HandOver(
    id=1,
    incident_id="inc_1",
    from_person="lin",
    to_person="rui",
    offered_by="wei",
    note=None,
    state=HandOverState.OFFERED,
    offered_at=START,
)
PEOPLE = st.sampled_from(["lin", "rui", "wei"])


@given(st.none() | PEOPLE, PEOPLE, PEOPLE)
def test_an_owner_never_loses_it_unless_the_next_one_says_so(
    owner: str | None, actor: str, to: str
) -> None:
    decided = passing(owner=owner, actor=actor, to=to)
    if decided is Passing.AT_ONCE:
        assert owner is None or to == actor
    if decided is Passing.OFFER:
        assert owner not in (None, to)
        assert to != actor
    assert (decided is Passing.NOTHING) == (owner == to)


@pytest.mark.parametrize(
    ("accept", "after"), [(True, HandOverState.ACCEPTED), (False, HandOverState.DECLINED)]
)
def test_the_next_owner_answers(accept: bool, after: HandOverState) -> None:
    assert answered(OFFER, actor="rui", leads=False, owner="lin", accept=accept) is after


@pytest.mark.parametrize(("actor", "leads"), [("wei", False), ("lin", False), ("fa", True)])
def test_who_made_it_who_has_it_and_a_lead_withdraw_it(actor: str, leads: bool) -> None:
    state = answered(OFFER, actor=actor, leads=leads, owner="lin", accept=False)
    assert state is HandOverState.WITHDRAWN


def test_nobody_withdraws_what_is_none_of_theirs() -> None:
    with pytest.raises(Forbidden, match="withdrawn by whoever offered it"):
        answered(OFFER, actor="fa", leads=False, owner="lin", accept=False)


def test_a_lead_does_not_accept_for_somebody_else() -> None:
    with pytest.raises(Forbidden, match="only rui"):
        answered(OFFER, actor="fa", leads=True, owner="lin", accept=True)


def test_an_offer_of_a_former_owner_is_void() -> None:
    with pytest.raises(Conflict, match="has passed to fa since"):
        answered(OFFER, actor="rui", leads=False, owner="fa", accept=True)


@pytest.mark.parametrize("state", sorted(set(HandOverState) - {HandOverState.OFFERED}))
def test_an_answer_is_given_once(state: HandOverState) -> None:
    with pytest.raises(Conflict, match=f"is {state.value} already"):
        answered(replace(OFFER, state=state), actor="rui", leads=False, owner="lin", accept=True)
