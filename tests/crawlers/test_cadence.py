from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.cadence import Activity, Cadence, CadenceReason, next_due

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CALM = Cadence(jitter=0.0)
MINUTE = timedelta(minutes=1)


def wait(cadence: Cadence = CALM, **facts: Any) -> tuple[timedelta, CadenceReason]:
    decision = next_due(NOW, cadence=cadence, random=lambda: 0.5, **facts)
    return decision.at - NOW, decision.reason


def test_a_busy_source_is_asked_as_often_as_the_target_needs() -> None:
    busy = Activity(posts=10, elapsed=4 * MINUTE)
    assert wait(activity=busy) == (2 * MINUTE, CadenceReason.ACTIVITY)


def test_the_first_posts_ever_say_nothing_of_the_pace() -> None:
    first = Activity(posts=100, elapsed=None)
    assert wait(activity=first) == (CALM.floor, CadenceReason.ACTIVITY)


def test_a_quiet_source_is_asked_less_and_less_up_to_the_ceiling() -> None:
    assert wait(previous=2 * MINUTE) == (3 * MINUTE, CadenceReason.QUIET)
    assert wait(previous=CALM.ceiling) == (CALM.ceiling, CadenceReason.QUIET)
    assert wait() == (CALM.floor, CadenceReason.QUIET)


def test_a_hint_stretches_the_wait_but_not_beyond_the_ceiling() -> None:
    assert wait(hint=2 * MINUTE) == (2 * MINUTE, CadenceReason.HINT)
    assert wait(hint=60 * MINUTE) == (CALM.ceiling, CadenceReason.HINT)
    assert wait(hint=timedelta(seconds=5)) == (CALM.floor, CadenceReason.QUIET)


def test_a_hint_of_zero_means_that_more_is_waiting() -> None:
    assert wait(hint=timedelta(0)) == (timedelta(0), CadenceReason.MORE_WAITING)


def test_failures_double_the_wait_up_to_the_cap() -> None:
    waits = [wait(failures=count)[0] for count in (1, 2, 3, 20, 5_000)]
    hour = timedelta(hours=1)
    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, hour, hour]


def test_retry_after_is_obeyed_where_it_asks_for_more_than_backoff() -> None:
    day = timedelta(hours=24)
    assert wait(failures=1, retry_after=2 * day) == (day, CadenceReason.RETRY_AFTER)
    assert wait(failures=3, retry_after=MINUTE) == (4 * MINUTE, CadenceReason.BACKOFF)


@pytest.mark.parametrize(
    "bounds",
    [
        {"floor": timedelta(0)},
        {"floor": timedelta(hours=2)},
        {"backoff_cap": timedelta(seconds=1)},
        {"target": 0},
        {"jitter": 1.0},
    ],
)
def test_bounds_that_contradict_each_other_are_refused(bounds: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a cadence needs"):
        Cadence(**bounds)


waits = st.timedeltas(timedelta(0), timedelta(days=30))


@given(
    luck=st.floats(0, 1, exclude_max=True),
    posts=st.integers(0, 10**6),
    elapsed=st.none() | waits,
    previous=st.none() | waits,
    hint=st.none() | waits,
    retry_after=st.none() | waits,
    failures=st.integers(0, 100),
)
def test_a_wait_stays_within_its_bounds(
    luck: float,
    posts: int,
    elapsed: timedelta | None,
    previous: timedelta | None,
    hint: timedelta | None,
    retry_after: timedelta | None,
    failures: int,
) -> None:
    cadence = Cadence()
    decision = next_due(
        NOW,
        cadence=cadence,
        random=lambda: luck,
        activity=Activity(posts=posts, elapsed=elapsed),
        previous=previous,
        hint=hint,
        retry_after=retry_after,
        failures=failures,
    )
    waited = decision.at - NOW
    if failures == 0:
        assert waited <= cadence.ceiling
        assert waited >= cadence.floor * 0.9 or hint == timedelta(0)
    else:
        assert waited >= min(retry_after or timedelta(0), timedelta(hours=24))
        assert waited <= timedelta(hours=24) * (1 + cadence.jitter)
