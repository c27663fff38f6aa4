"""Where it began: the run of unusual buckets that reaches now."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.monitoring.onset import QUIET_BUCKETS, onset
from service.stores.post_store import TimeBucket
from tests.support.clock import START

TEN = timedelta(minutes=10)
COUNTS = st.lists(st.integers(0, 12), max_size=30)
USUAL = st.floats(0, 6, allow_nan=False)


def buckets(*counts: int, negative: int | None = None) -> list[TimeBucket]:
    return [
        TimeBucket(
            start=START + number * TEN,
            posts=count,
            negative=count if negative is None else negative,
            distinct=count,
        )
        for number, count in enumerate(counts)
    ]


def test_the_run_is_followed_back_over_short_pauses() -> None:
    found = onset(buckets(9, 0, 0, 0, 5, 0, 0, 5, 6), usual=0.0, negative_only=False)
    assert found == START + 4 * TEN


def test_calm_at_the_end_is_no_onset() -> None:
    assert onset(buckets(9, 9, 0, 0, 0), usual=0.0, negative_only=False) is None


def test_nothing_at_all_is_no_onset() -> None:
    assert onset([], usual=0.0, negative_only=False) is None


def test_what_is_usual_is_not_counted_and_one_above_neither() -> None:
    assert onset(buckets(3, 4, 4), usual=3.0, negative_only=False) is None
    assert onset(buckets(3, 5, 5), usual=3.0, negative_only=False) == START + TEN


def test_of_an_unclassified_burst_only_negative_posts_count() -> None:
    praised = buckets(20, 20, 20, negative=0)
    assert onset(praised, usual=0.0, negative_only=True) is None
    assert onset(praised, usual=0.0, negative_only=False) == START


@given(COUNTS, USUAL)
def test_it_begins_in_an_unusual_bucket_that_no_long_calm_follows(
    counts: list[int], usual: float
) -> None:
    made = buckets(*counts)
    found = onset(made, usual=usual, negative_only=False)
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


@given(COUNTS, USUAL, st.lists(st.integers(0, 12), max_size=6))
def test_older_calm_moves_nothing(counts: list[int], usual: float, older: list[int]) -> None:
    found = onset(buckets(*counts), usual=usual, negative_only=False)
    longer = [*older, *([0] * QUIET_BUCKETS), *counts]
    moved = onset(buckets(*longer), usual=usual, negative_only=False)
    if found is not None:
        assert moved == found + (len(longer) - len(counts)) * TEN
