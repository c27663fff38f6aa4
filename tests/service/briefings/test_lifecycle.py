from __future__ import annotations

import pytest

from service.briefings.lifecycle import Deed, State, after, deeds
from service.errors import IllegalTransition


def test_a_draft_is_approved_and_goes_out() -> None:
    approved = after(State.DRAFT, Deed.APPROVE, briefing_id="brf_1")

    assert approved is State.APPROVED
    assert after(approved, Deed.DELIVER, briefing_id="brf_1") is State.DELIVERED


def test_whoever_writes_in_an_approved_one_makes_a_draft_of_it() -> None:
    assert after(State.APPROVED, Deed.EDIT, briefing_id="brf_1") is State.DRAFT


def test_what_is_out_goes_out_again_and_is_neither_written_nor_discarded() -> None:
    assert deeds(State.DELIVERED) == (Deed.DELIVER,)


def test_what_was_discarded_stays_so() -> None:
    with pytest.raises(IllegalTransition, match="brf_1 is discarded: approve is not possible"):
        after(State.DISCARDED, Deed.APPROVE, briefing_id="brf_1")
    assert deeds(State.DISCARDED) == ()


def test_a_draft_goes_nowhere() -> None:
    with pytest.raises(IllegalTransition, match="what is: edit, approve, discard"):
        after(State.DRAFT, Deed.DELIVER, briefing_id="brf_1")
