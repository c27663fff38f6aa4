"""Percentiles from logarithmic buckets: near enough, and they add up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.coverage.percentiles import (
    ACCURACY,
    LEAST_S,
    Percentiles,
    added,
    counted,
    percentiles,
    share_within,
)

DURATIONS = st.lists(st.floats(min_value=LEAST_S * 2, max_value=1e7), min_size=1, max_size=60)


def exact(durations: list[float], share: int) -> float:
    ordered = sorted(durations)
    return ordered[max(0, -(-share * len(ordered) // 100) - 1)]


@settings(max_examples=80)
@given(durations=DURATIONS)
def test_each_is_within_its_accuracy_of_the_exact_one(durations: list[float]) -> None:
    found = percentiles(counted(durations))
    assert found.count == len(durations)
    for share, value in ((50, found.p50), (95, found.p95), (99, found.p99)):
        assert value == pytest.approx(exact(durations, share), rel=ACCURACY * 1.01, abs=0.001)


@settings(max_examples=40)
@given(first=DURATIONS, second=DURATIONS)
def test_two_of_them_add_up_to_the_whole(first: list[float], second: list[float]) -> None:
    assert added(counted(first), counted(second)) == counted(first + second)


def test_nothing_measured_is_no_zero() -> None:
    assert percentiles({}) == Percentiles(None, None, None, 0)
    assert share_within({}, 10) is None


def test_no_time_at_all_and_clocks_that_run_backwards_are_zero() -> None:
    found = percentiles(counted([0.0, -5.0, 0.0005]))
    assert (found.p50, found.p99, found.count) == (0.0, 0.0, 3)


def test_the_share_within_a_limit() -> None:
    sketch = counted([1.0, 2.0, 3_000.0, 9_000.0])
    assert share_within(sketch, 7_200) == 0.75
