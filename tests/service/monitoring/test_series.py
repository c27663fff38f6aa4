"""One series of counts: the same after late posts and restarts, loud as long as the burst lasts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from service.monitoring.series import BUCKET, MIN_VOLUME, QUIET_CAP, Burst, Series
from tests.support.clock import START

CALM = [2, 1, 0, 3, 1, 2, 2, 0] * 40
BURST = [25, 30, 28]


def starts(buckets: int, *, first: int = 0) -> list[datetime]:
    return [START + (first + number) * BUCKET for number in range(buckets)]


def followed(counts: Sequence[int]) -> Series:
    series = Series.before(START)
    series.follow(counts, starts=starts(len(counts)), settle=0)
    return series


def burst(
    series: Series, buckets: int, *, hour: int, latest: int, ahead: Sequence[int] = ()
) -> Burst:
    since = START + buckets * BUCKET
    return series.burst(ahead, since=since, hour=hour, latest=latest, now=since + BUCKET)


def test_an_hour_like_any_other_is_no_burst() -> None:
    found = burst(followed(CALM), len(CALM), hour=9, latest=2)
    assert found.score < 0.5
    assert found.expected is not None
    assert 6 < found.expected < 12
    assert found.highest > found.expected


def test_the_latest_ten_minutes_count_as_a_bucket() -> None:
    found = burst(followed(CALM), len(CALM), hour=40, latest=32, ahead=(32,))
    assert found.score > 0.999
    assert found.began == START + len(CALM) * BUCKET


def test_a_burst_is_loud_as_long_as_it_lasts() -> None:
    series = followed([*CALM, *BURST, 1, 2])
    found = burst(series, len(CALM) + 5, hour=86, latest=1)
    assert found.score > 0.999
    assert found.began == START + len(CALM) * BUCKET


def test_three_hours_after_the_last_loud_bucket_it_is_calm() -> None:
    over = [*CALM, *BURST, *[1] * 22]
    found = burst(followed(over), len(over), hour=MIN_VOLUME, latest=1)
    assert found.score < 0.9
    assert found.began is None


def test_few_posts_are_never_called_a_burst() -> None:
    quiet = followed([0] * 400)
    assert burst(quiet, 400, hour=MIN_VOLUME - 1, latest=9).score == QUIET_CAP
    assert burst(quiet, 400, hour=MIN_VOLUME, latest=MIN_VOLUME).score > 0.9


def test_nothing_is_expected_before_the_first_bucket() -> None:
    assert burst(Series.before(START), 0, hour=0, latest=0).expected is None


def test_a_flood_onto_a_new_monitor_is_a_burst() -> None:
    flood = burst(Series.before(START), 0, hour=40, latest=40, ahead=(40,))
    assert flood.score > 0.99
    assert flood.expected is None
    assert burst(Series.before(START), 0, hour=10, latest=5, ahead=(5,)).score < 0.9


def test_a_late_post_changes_what_was_said() -> None:
    series = Series.before(START)
    late = [*CALM[:20], 40]
    series.follow([*CALM[:20], 1], starts=starts(21), settle=0)
    series.follow(late, starts=starts(21), settle=0)
    assert series.heights == followed(late).heights


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 40), min_size=12, max_size=60),
    st.lists(st.integers(1, 12), min_size=1, max_size=8),
)
def test_however_it_is_followed_the_state_is_the_same(counts: list[int], steps: list[int]) -> None:
    series, settled, seen = Series.before(START), 0, 0
    for step in steps:
        seen = min(len(counts), seen + step)
        settle = max(0, seen - 6 - settled)
        series.follow(
            counts[settled:seen], starts=starts(seen - settled, first=settled), settle=settle
        )
        settled += settle
    whole = followed(counts[:seen])
    assert series.newest == whole.newest
    assert series.heights == whole.heights[settled:]


def test_the_hours_and_days_are_those_that_it_is_given() -> None:
    east = [start.astimezone(tz=None) + timedelta(hours=8) for start in starts(3)]
    series = Series.before(START)
    series.follow([1, 2, 3], starts=east, settle=0)
    assert series.newest.detector.season.hour.place == east[-1].hour
