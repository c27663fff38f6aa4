"""Bursts."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.trends import alarm_count, burst_score
from nlp.trends.burst import QUIET_CAP, BurstReason

STEADY = [20, 25, 18, 30, 22, 19] * 6


def test_a_usual_count_is_within_the_baseline() -> None:
    score = burst_score(28, history=STEADY)
    assert score.reason is BurstReason.WITHIN_BASELINE
    assert score.score < 0.95
    assert score.expected == pytest.approx(22, abs=2)


def test_a_threefold_count_is_a_burst() -> None:
    score = burst_score(70, history=STEADY)
    assert score.reason is BurstReason.ABOVE_BASELINE
    assert score.score > 0.999


def test_a_count_below_the_minimum_volume_is_never_one() -> None:
    score = burst_score(9, history=[0] * 48)
    assert score.reason is BurstReason.BELOW_FLOOR
    assert score.score <= QUIET_CAP


def test_the_first_bucket_is_judged_by_the_prior() -> None:
    quiet, loud = burst_score(11, history=[]), burst_score(40, history=[])
    assert quiet.expected is loud.expected is None
    assert quiet.reason is loud.reason is BurstReason.NO_HISTORY
    assert quiet.score < 0.99 < loud.score


def test_a_short_history_is_trusted_less_than_a_long_one() -> None:
    short, long = burst_score(12, history=[2, 2]), burst_score(12, history=[2, 2] * 20)
    assert short.score < long.score


def test_an_old_burst_does_not_hide_a_new_one() -> None:
    assert burst_score(100, history=[5] * 40 + [80, 200, 90]).score > 0.999


def test_the_alarm_count_is_the_smallest_that_alarms() -> None:
    upper = alarm_count(STEADY)
    assert (
        burst_score(upper, history=STEADY).score
        >= 0.99
        > burst_score(upper - 1, history=STEADY).score
    )


def test_the_minimum_volume_is_a_parameter() -> None:
    assert burst_score(50, history=[1] * 20, min_volume=60).score <= QUIET_CAP


def test_the_tail_agrees_with_sums_from_the_other_side() -> None:
    # Above the mean the tail is summed upwards, below it is 1 minus the head: both meet there.
    scores = [burst_score(count, history=[40] * 30, min_volume=0).score for count in range(25, 60)]
    steps = [right - left for left, right in pairwise(scores)]
    assert all(step > 0 for step in steps)
    assert max(steps) < 0.08


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_what_is_no_count_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        burst_score(value, history=[])
    with pytest.raises(ValueError, match="finite"):
        burst_score(1, history=[value])


COUNTS = st.lists(st.floats(0, 1e7), max_size=30)


@settings(max_examples=150, deadline=None)
@given(st.floats(0, 1e12), COUNTS)
def test_scores_lie_in_the_unit_interval(count: float, history: list[float]) -> None:
    score = burst_score(count, history=history)
    assert 0 <= score.score <= 1
    assert alarm_count(history) >= 10


@settings(max_examples=100, deadline=None)
@given(st.integers(10, 10_000), st.integers(0, 10_000), COUNTS)
def test_more_posts_never_score_less(count: int, more: int, history: list[float]) -> None:
    low, high = burst_score(count, history=history), burst_score(count + more, history=history)
    assert low.score <= high.score + 1e-9


def test_a_mass_near_the_least_float_ends() -> None:
    # Between these counts the mass passes through every denormal number down to zero.
    assert all(burst_score(count, history=[40] * 30).score == 1 for count in range(1_000, 2_000, 3))
