"""An allowance of messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.delivery.pacing import Limit, Pace, allow, allow_within
from tests.support.clock import START

ROBOT = Pace(per_minute=15, burst=5)


@given(
    pace=st.sampled_from([ROBOT, Pace(per_minute=2, burst=1), Pace(per_minute=60, burst=4)]),
    gaps=st.lists(st.floats(min_value=0, max_value=20), max_size=150),
)
def test_no_minute_has_more_than_it_may(pace: Pace, gaps: list[float]) -> None:
    now, spent, sent = START, None, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        allowance = allow(pace, spent_until=spent, now=now)
        if allowance.granted:
            spent = allowance.spent_until
            sent.append(now)
    for first in sent:
        within = [each for each in sent if first <= each < first + timedelta(seconds=60)]
        assert len(within) <= pace.per_minute


def test_a_rested_channel_has_its_burst_and_then_waits() -> None:
    spent, seen = None, []
    for _ in range(6):
        allowance = allow(ROBOT, spent_until=spent, now=START)
        seen.append((allowance.granted, allowance.last))
        spent = allowance.spent_until
    assert seen == [(True, False)] * 4 + [(True, True), (False, True)]


def test_at_free_at_it_is_granted_and_before_it_is_not() -> None:
    spent = START + timedelta(seconds=30)
    free_at = allow(ROBOT, spent_until=spent, now=START).free_at
    assert allow(ROBOT, spent_until=spent, now=free_at).granted
    early = free_at - timedelta(milliseconds=1)
    assert not allow(ROBOT, spent_until=spent, now=early).granted


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(hours=1), timedelta(days=400)])
def test_a_clock_that_was_ahead_silences_nobody(ahead: timedelta) -> None:
    spent, granted = START + ahead, 0
    for second in range(60):
        allowance = allow(ROBOT, spent_until=spent, now=START + timedelta(seconds=second))
        if allowance.granted:
            spent, granted = allowance.spent_until, granted + 1
    assert 9 <= granted <= ROBOT.per_minute


@pytest.mark.parametrize(("per_minute", "burst"), [(5, 5), (5, 0), (1, 1)])
def test_a_pace_that_makes_no_sense_is_refused(per_minute: int, burst: int) -> None:
    with pytest.raises(ValueError, match="burst"):
        Pace(per_minute=per_minute, burst=burst)


def test_of_several_limits_the_tightest_counts() -> None:
    slow = Limit(key="channel:a", pace=Pace(per_minute=2, burst=1, most=4))
    limits, spent = (Limit(key="robot:r", pace=ROBOT), slow), {"robot:r": START}
    first = allow_within(limits, spent=spent, now=START)
    assert (first.granted, first.last) == (True, True)
    later = START + timedelta(seconds=59)
    second = allow_within(limits, spent=first.spent_until, now=later)
    assert (second.granted, second.free_at) == (False, START + timedelta(seconds=60))
    assert allow_within(limits[:1], spent=first.spent_until, now=later).granted
