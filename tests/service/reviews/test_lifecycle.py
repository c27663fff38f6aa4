"""The life of an improvement, its rank, and what a review lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import IllegalTransition, InvalidInput
from service.reviews import Form, Improvement, Involved, ItemKind, ItemState, Lack, Why
from service.reviews.lifecycle import OPEN_ITEMS, check_move, lacks, rank
from tests.support.clock import START

ITEM = Improvement(
    id="imp_1",
    review_id="cau_1",
    incident_id="inc_1",
    monitor_id="tea",
    department_id="quality",
    title="批次全检",
    description="",
    kind=ItemKind.USER,
    owner=None,
    due_at=START,
    impact=1,
    urgency=1,
    effort=1,
    rank=1.0,
    state=ItemState.PROPOSED,
    reason=None,
    proposed_by="usr_lin",
    proposed_at=START,
    timed_from=START,
    done_at=None,
    done_by=None,
    verified_at=None,
    verified_by=None,
    updated_at=START,
    version=1,
)
PLACE = Involved(
    review_id="cau_1",
    department_id="quality",
    added_at=START,
    added_by="usr_lin",
    filed_at=None,
    excused=None,
    excused_by=None,
    excused_at=None,
)
FULL = Form(whys=(Why(question="q", answer="a"),) * 5, root_cause="r", cause_class="inspection")
FILED = replace(PLACE, filed_at=START)


@pytest.mark.parametrize(
    ("weights", "expected"), [((5, 5, 1), 25.0), ((1, 1, 5), 0.2), ((4, 3, 2), 6.0)]
)
def test_the_rank_is_impact_by_urgency_over_effort(
    weights: tuple[int, int, int], expected: float
) -> None:
    assert rank(*weights) == expected


@given(st.lists(st.sampled_from(list(ItemState)), max_size=12))
def test_only_verified_ones_never_move_again(moves: list[ItemState]) -> None:
    item = ITEM
    for to in moves:
        was = item.state
        try:
            changed = check_move(item, to, reason="r")
        except IllegalTransition:
            continue
        assert changed is (to is not was)
        assert not (changed and was is ItemState.VERIFIED)
        assert to is not ItemState.VERIFIED or was in (ItemState.DONE, ItemState.VERIFIED)
        item = replace(item, state=to)


@pytest.mark.parametrize(
    ("state", "to"),
    [
        (ItemState.PROPOSED, ItemState.DROPPED),
        (ItemState.DONE, ItemState.DOING),
        (ItemState.DROPPED, ItemState.PROPOSED),
    ],
)
def test_what_goes_off_the_list_or_back_takes_a_reason(state: ItemState, to: ItemState) -> None:
    item = replace(ITEM, state=state)
    with pytest.raises(InvalidInput, match="takes a reason"):
        check_move(item, to, reason=None)
    assert check_move(item, to, reason="r")


def test_a_refusal_says_what_is_possible() -> None:
    with pytest.raises(IllegalTransition, match="possible now: accepted, dropped"):
        check_move(ITEM, ItemState.VERIFIED, reason=None)
    with pytest.raises(IllegalTransition, match="possible now: nothing"):
        check_move(replace(ITEM, state=ItemState.VERIFIED), ItemState.DOING, reason=None)


def test_what_is_settled_is_not_open() -> None:
    assert set(ItemState) - OPEN_ITEMS == {ItemState.VERIFIED, ItemState.DROPPED}


@pytest.mark.parametrize(
    ("form", "involved", "expected"),
    [
        (FULL, (FILED,), []),
        (FULL, (replace(PLACE, excused="只是转达"),), []),
        (FULL, (PLACE, FILED), [Lack.PROPOSALS]),
        (FULL, (), [Lack.DEPARTMENTS]),
        (replace(FULL, whys=FULL.whys[:2]), (FILED,), [Lack.TOO_FEW_WHYS]),
        (replace(FULL, whys=FULL.whys[:2], stopped_early="s"), (FILED,), []),
        (replace(FULL, whys=(), stopped_early="s"), (FILED,), [Lack.TOO_FEW_WHYS]),
        (replace(FULL, root_cause=None), (FILED,), [Lack.ROOT_CAUSE]),
        (replace(FULL, cause_class=None), (FILED,), [Lack.CAUSE_CLASS]),
    ],
)
def test_what_a_review_lacks(
    form: Form, involved: tuple[Involved, ...], expected: list[Lack]
) -> None:
    assert [lack for lack, _ in lacks(form, involved)] == expected
