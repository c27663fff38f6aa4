"""What a feed usually brings, and how improbable less of it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.coverage.arrivals import (
    ENOUGH_HOURS,
    ENOUGH_POSTS,
    HOUR,
    LEAST_SPREAD,
    ArrivalModel,
    HourCount,
    hour_of_week,
    learn,
    lower_tail,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
"""Monday 00:00 in Shanghai."""


def history(count: Callable[[int], int], *, hours: int = ENOUGH_HOURS) -> list[HourCount]:
    """`count(hours since MONDAY)` posts an hour."""
    return [HourCount(MONDAY + number * HOUR, count(number)) for number in range(hours)]


def model(count: Callable[[int], int], *, hours: int = ENOUGH_HOURS) -> ArrivalModel:
    found = learn(history(count, hours=hours), SHANGHAI)
    assert found is not None
    return found


def test_hours_of_the_week_are_cut_in_the_zone() -> None:
    assert hour_of_week(MONDAY, SHANGHAI) == 0
    assert hour_of_week(MONDAY - HOUR, SHANGHAI) == 167
    assert hour_of_week(MONDAY, ZoneInfo("UTC")) == 6 * 24 + 16


def test_nothing_is_said_without_two_weeks_or_posts() -> None:
    assert learn(history(lambda _: 5, hours=ENOUGH_HOURS - 1), SHANGHAI) is None
    few = history(lambda number: int(number < ENOUGH_POSTS - 1))
    assert learn(few, SHANGHAI) is None


def test_night_and_day_are_told_apart() -> None:
    found = model(lambda number: 6 if number % 24 >= 8 else 0)
    day = found.expected(MONDAY + 10 * HOUR, 4)
    night = found.expected(MONDAY + 1 * HOUR, 4)
    assert day > 20
    assert night < 5


def test_an_hour_of_the_week_counts_for_itself_as_weeks_go_by() -> None:
    """Sundays at noon only."""
    busy_h = 6 * 24 + 12
    short = model(lambda number: 30 * (number % 168 == busy_h), hours=2 * 168)
    long = model(lambda number: 30 * (number % 168 == busy_h), hours=8 * 168)
    at = MONDAY + busy_h * HOUR
    assert short.expected(at, 1) < long.expected(at, 1) <= 30


def test_from_the_mean_on_nothing_is_missing() -> None:
    found = model(lambda _: 5)
    assert found.at_most(10, MONDAY, 2) == 1.0


def test_silence_of_a_steady_feed_is_improbable_and_of_a_fitful_one_is_not() -> None:
    steady = model(lambda _: 5, hours=4 * 168)
    fitful = model(
        lambda number: 120 if number % 24 == 5 and number // 24 % 3 == 0 else 0, hours=4 * 168
    )
    assert steady.at_most(0, MONDAY, 12) < 1e-3
    assert fitful.at_most(0, MONDAY, 12) > 1e-2


def test_a_burst_does_not_raise_what_is_usual() -> None:
    calm = model(lambda _: 5)
    burst = model(lambda number: 5_000 if number == 100 else 5)
    assert burst.expected(MONDAY, 168) == pytest.approx(calm.expected(MONDAY, 168), rel=0.05)


def test_a_hole_in_the_history_is_no_block() -> None:
    """Hours that were not seen are left out; what remains is learnt as before."""
    seen = [item for item in history(lambda _: 5, hours=ENOUGH_HOURS + 48) if item.posts]
    holed = seen[:200] + seen[248:]
    found = learn(holed, SHANGHAI)
    assert found is not None
    assert found.expected(MONDAY, 24) == pytest.approx(120, rel=0.02)


def brute_force(count: int, mean: float, spread: float) -> float:
    """The recurrence of the module's docstring, from the bottom up."""
    size = 1 / spread
    term = total = math.exp(-size * math.log1p(mean / size))
    for value in range(count):
        term *= (value + size) / (value + 1) * mean / (mean + size)
        total += term
    return total


@settings(max_examples=60)
@given(
    mean=st.floats(min_value=0.5, max_value=400),
    spread=st.floats(min_value=LEAST_SPREAD, max_value=20),
    share=st.floats(min_value=0, max_value=0.99),
)
def test_the_tail_is_that_of_the_recurrence(mean: float, spread: float, share: float) -> None:
    count = int(mean * share)
    exact = brute_force(count, mean, spread)
    assert lower_tail(count, mean=mean, spread=spread) == pytest.approx(
        min(1.0, exact), rel=1e-6, abs=1e-12
    )


@settings(max_examples=40)
@given(
    seed=st.integers(min_value=0),
    busiest=st.integers(min_value=1, max_value=50),
    hours=st.integers(min_value=1, max_value=48),
)
def test_fewer_posts_are_never_more_probable(seed: int, busiest: int, hours: int) -> None:
    draw = Random(seed)
    found = model(lambda _: draw.randint(0, busiest))
    probabilities = [found.at_most(count, MONDAY, hours) for count in (0, 1, 5, 50, 5_000)]
    assert probabilities == sorted(probabilities)
    assert all(0 <= value <= 1 for value in probabilities)
