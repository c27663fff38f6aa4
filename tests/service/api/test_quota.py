"""A token bucket a caller."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.api.quota import Quota
from service.errors import TooManyRequests
from tests.support.clock import SteppingClock


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


def wait_of(quota: Quota, principal: str, texts: int) -> int | None:
    """What is told to wait, None when the texts are let through."""
    try:
        quota.take(principal, texts)
    except TooManyRequests as error:
        return error.retry_after
    return None


def test_nought_is_no_limit(clock: SteppingClock) -> None:
    quota = Quota(0, monotonic=clock.monotonic)
    assert [wait_of(quota, "p", 10**6) for _ in range(3)] == [None] * 3
    quota.give_back("p", 10**6)


def test_a_minutes_worth_goes_at_once_and_fills_evenly(clock: SteppingClock) -> None:
    quota = Quota(60, monotonic=clock.monotonic)
    assert wait_of(quota, "p", 60) is None
    assert wait_of(quota, "p", 10) == 10
    clock.step(seconds=9)
    assert wait_of(quota, "p", 10) == 1
    clock.step(seconds=1)
    assert wait_of(quota, "p", 10) is None


def test_each_caller_has_its_own(clock: SteppingClock) -> None:
    quota = Quota(1, monotonic=clock.monotonic)
    assert wait_of(quota, "p", 1) is None
    assert wait_of(quota, "q", 1) is None
    assert wait_of(quota, "p", 1) == 60


def test_a_request_larger_than_the_bucket_is_paid_off_afterwards(clock: SteppingClock) -> None:
    quota = Quota(10, monotonic=clock.monotonic)
    assert wait_of(quota, "p", 30) is None
    assert wait_of(quota, "p", 1) == 126
    clock.step(seconds=126)
    assert wait_of(quota, "p", 1) is None


def test_what_is_given_back_never_overflows(clock: SteppingClock) -> None:
    quota = Quota(10, monotonic=clock.monotonic)
    quota.give_back("p", 1000)
    assert wait_of(quota, "p", 10) is None
    assert wait_of(quota, "p", 1) is not None


def test_callers_at_rest_are_forgotten_and_the_others_not(clock: SteppingClock) -> None:
    quota = Quota(60, monotonic=clock.monotonic)
    quota.take("busy", 60)
    for number in range(1200):
        quota.take(f"p{number}", 1)
        clock.step(seconds=1 / 60)
    assert len(quota._buckets) < 1000
    assert wait_of(quota, "busy", 60) is not None


@settings(max_examples=50)
@given(
    st.integers(1, 100),
    st.lists(st.tuples(st.floats(0, 120), st.integers(1, 100)), min_size=1, max_size=30),
)
def test_never_more_than_the_bucket_and_what_flowed_in(
    per_minute: int, requests: list[tuple[float, int]]
) -> None:
    clock = SteppingClock()
    quota = Quota(per_minute, monotonic=clock.monotonic)
    passed = 0
    for rest, texts in requests:
        clock.step(seconds=rest)
        before = passed
        wait = wait_of(quota, "p", texts)
        passed += 0 if wait else texts
        allowed = per_minute * (1 + clock.monotonic() / 60)
        # Only a request that alone is larger than the bucket may pass it, and only from a full one.
        assert passed <= max(allowed, before + max(texts, per_minute)) + 1e-3
        if texts <= per_minute:
            assert passed <= max(allowed, before) + 1e-3
