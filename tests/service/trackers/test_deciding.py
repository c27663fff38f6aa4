"""What becomes of a tracker's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.reviews import ItemState
from service.trackers import Handover, Heard, Hearing, Standing, State, SubjectKind, Trouble
from service.trackers.deciding import follow, judge, standing_of
from service.trackers.hearing import changed
from tests.support.clock import START

MINUTE = timedelta(minutes=1)
OPEN = Handover(
    id="hov_1",
    subject_kind=SubjectKind.IMPROVEMENT,
    subject_id="imp_1",
    monitor_id="tea",
    incident_id="inc_1",
    tracker="jira",
    fields={"title": "批次全检"},
    state=State.OPEN,
    key="OPS-1",
    url=None,
    wanted=Standing.OPEN,
    standing=Standing.OPEN,
    word="To Do",
    heard_at=START,
    trouble=None,
    last_answer=None,
    answered_at=None,
    revision=1,
    tried=True,
    item_version=1,
    poll_at=None,
    created_by="usr_lead",
    created_at=START,
    updated_at=START,
)


def heard(
    word: str | None = "Done", standing: Standing | None = Standing.DONE, **more: Any
) -> Heard:
    return Heard(**{"key": "OPS-1", "word": word, "standing": standing, "at": START, **more})


@pytest.mark.parametrize(
    ("before", "said", "expected"),
    [
        (OPEN, heard(), Hearing.NEWS),
        (OPEN, heard(at=None), Hearing.NEWS),
        (OPEN, heard(at=START - MINUTE), Hearing.STALE),
        (OPEN, heard("To Do", Standing.OPEN), Hearing.SAME),
        (OPEN, heard("Reopened", Standing.OPEN), Hearing.SAME),
        (OPEN, heard("Blocked", None), Hearing.UNKNOWN_STATE),
        (replace(OPEN, word="Blocked"), heard("Blocked", None), Hearing.SAME),
        (OPEN, heard(None, None), Hearing.UNREADABLE),
        (OPEN, heard(None, None, deleted=True), Hearing.DELETED),
        (replace(OPEN, state=State.DELETED), heard(None, None, deleted=True), Hearing.SAME),
        (replace(OPEN, state=State.DELETED), heard(), Hearing.STALE),
        (replace(OPEN, heard_at=None), heard(at=START - MINUTE), Hearing.NEWS),
    ],
)
def test_what_it_is(before: Handover, said: Heard, expected: Hearing) -> None:
    assert judge(before, said) is expected


@pytest.mark.parametrize(
    ("item", "standing", "to", "trouble"),
    [
        (ItemState.ACCEPTED, Standing.DONE, ItemState.DONE, None),
        (ItemState.DOING, Standing.DONE, ItemState.DONE, None),
        (ItemState.DONE, Standing.DONE, None, None),
        (ItemState.VERIFIED, Standing.DONE, None, None),
        (ItemState.PROPOSED, Standing.DONE, None, Trouble.DISAGREES),
        (ItemState.DROPPED, Standing.DONE, None, Trouble.DISAGREES),
        (ItemState.DONE, Standing.OPEN, ItemState.DOING, None),
        (ItemState.DONE, Standing.DOING, ItemState.DOING, None),
        (ItemState.ACCEPTED, Standing.DOING, ItemState.DOING, None),
        (ItemState.DOING, Standing.OPEN, None, None),
        (ItemState.PROPOSED, Standing.OPEN, None, None),
        (ItemState.VERIFIED, Standing.OPEN, None, Trouble.DISAGREES),
        (ItemState.DROPPED, Standing.DOING, None, Trouble.DISAGREES),
        (ItemState.ACCEPTED, Standing.DROPPED, None, Trouble.DROPPED_THERE),
        (ItemState.DROPPED, Standing.DROPPED, None, None),
    ],
)
def test_how_an_improvement_follows(
    item: ItemState, standing: Standing, to: ItemState | None, trouble: Trouble | None
) -> None:
    found = follow(item, standing)
    assert (found.to, found.trouble) == (to, trouble)


@pytest.mark.parametrize("item", list(ItemState))
def test_where_an_improvement_wants_its_ticket_it_follows_without_trouble(item: ItemState) -> None:
    assert follow(item, standing_of(item)).trouble is None
    assert follow(item, standing_of(item)).to is None


def test_what_is_older_never_turns_the_time_back() -> None:
    later = replace(OPEN, heard_at=START + MINUTE)
    after = changed(later, heard(at=None), Hearing.NEWS, item=ItemState.DONE)
    assert (after.heard_at, after.state, after.wanted) == (
        START + MINUTE,
        State.CLOSED,
        Standing.DONE,
    )
    assert changed(later, heard(), Hearing.STALE) == later
    assert changed(later, heard(None, None), Hearing.UNREADABLE) == later


def test_a_report_wants_what_its_tracker_says() -> None:
    report = replace(OPEN, subject_kind=SubjectKind.NEEDS, item_version=None)
    assert changed(report, heard(), Hearing.NEWS).wanted is Standing.DONE
