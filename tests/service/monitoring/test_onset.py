"""Where it began: the run of unusual buckets that reaches now."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.monitoring.onset import QUIET_BUCKETS, Run
from tests.support.clock import START

TEN = timedelta(minutes=10)
COUNTS = st.lists(st.integers(0, 12), max_size=30)
USUAL = st.floats(0, 6, allow_nan=False)


def began(*counts: int, usual: float = 0.0) -> datetime | None:
    run = Run()
    for number, count in enumerate(counts):
        run.follow(START + number * TEN, count, usual=usual)
    return run.began


def test_the_run_goes_on_over_short_pauses() -> None:
    assert began(9, 0, 0, 0, 5, 0, 0, 5, 6) == START + 4 * TEN


def test_calm_at_the_end_is_no_onset() -> None:
    assert began(9, 9, 0, 0, 0) is None


def test_nothing_at_all_is_no_onset() -> None:
    assert began() is None


def test_what_is_usual_is_not_counted_and_one_above_neither() -> None:
    assert began(3, 4, 4, usual=3.0) is None
    assert began(3, 5, 5, usual=3.0) == START + TEN


@given(COUNTS, USUAL)
def test_it_begins_in_an_unusual_bucket_that_no_long_calm_follows(
    counts: list[int], usual: float
) -> None:
    found = began(*counts, usual=usual)
    unusual = [count > usual + (usual >= 0.5) for count in counts]
    if found is None:
        assert not any(unusual[-QUIET_BUCKETS:])
        return
    place = (found - START) // TEN
    assert unusual[place]
    tail = unusual[place:]
    windows = [tail[at : at + QUIET_BUCKETS] for at in range(len(tail) - QUIET_BUCKETS + 1)]
    assert all(any(window) for window in windows)
    assert not any(unusual[max(0, place - QUIET_BUCKETS) : place])
