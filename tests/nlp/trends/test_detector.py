"""The detector as a whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.trends import BucketScore, BurstDetector, Phase, ScoreReason
from nlp.trends.detector import ALARM_SCORE
from tests.nlp.trends.series import BEGIN, FIVE_MINUTES, calm, scored

DAY = 288
HOUR = timedelta(hours=1)


def alarms(scores: Sequence[BucketScore]) -> list[int]:
    return [place for place, each in enumerate(scores) if each.score >= ALARM_SCORE]


@pytest.mark.parametrize("dispersion", [0.0, 0.1, 0.6])
@pytest.mark.parametrize("mean", [0.5, 8.0, 200.0])
def test_a_score_means_the_same_on_every_series(mean: float, dispersion: float) -> None:
    """Over 0.9 lies one calm bucket in a hundred, over 0.968 one in a thousand, about."""
    scores = [
        each.score
        for seed in (1, 2)
        for each in scored(calm(8_000, mean=mean, dispersion=dispersion, seed=seed))[600:]
    ]
    assert 0.003 < fmean(score > 0.9 for score in scores) < 0.025
    assert fmean(score > 1 - 0.001**0.5 for score in scores) < 0.003
    assert fmean(score > ALARM_SCORE for score in scores) < 0.0006


@pytest.mark.parametrize("width", [timedelta(minutes=1), FIVE_MINUTES, HOUR])
@pytest.mark.parametrize("mean", [0.2, 5.0, 300.0])
def test_a_burst_is_found_at_its_onset(width: timedelta, mean: float) -> None:
    counts = calm(900, mean=mean)
    counts[700:712] = [count + 12 * mean + 8 for count in counts[700:712]]
    scores = scored(counts, width=width)
    found = [place for place in alarms(scores) if place >= 650]
    assert found[0] in (700, 701)
    assert scores[found[0]].phase is Phase.ONSET
    assert scores[found[0]].reason is ScoreReason.ABOVE_BASELINE


def test_a_lasting_burst_is_said_once_and_held_down_after() -> None:
    counts = calm(1_200, mean=20.0)
    counts[1_000:1_060] = [200.0 + place % 7 for place in range(60)]
    scores = scored(counts)
    assert [place for place in alarms(scores) if place >= 1_000][:1] == [1_000]
    assert len([place for place in alarms(scores) if 1_000 <= place < 1_060]) <= 3
    assert scores[1_030].reason is ScoreReason.STILL_ON
    assert scores[1_030].score <= 0.9
    assert scores[1_030].phase is Phase.PEAK


def test_after_a_burst_comes_decay_and_calm() -> None:
    counts = calm(1_100, mean=20.0)
    for place in range(30):
        counts[1_000 + place] += 300.0 * 0.85**place
    phases = [each.phase for each in scored(counts)[1_000:]]
    assert phases[0] is Phase.ONSET
    assert Phase.DECAY in phases
    assert phases[-1] is Phase.CALM


def test_a_slow_rise_is_found_by_the_longer_sums() -> None:
    counts = calm(1_500, mean=20.0, dispersion=0.3)
    counts[1_400:1_430] = [count * 3 for count in counts[1_400:1_430]]
    assert any(1_400 <= place < 1_430 for place in alarms(scored(counts)))


def test_a_drop_is_found() -> None:
    counts = calm(2_000, mean=60.0)
    counts[1_900:1_930] = [5.0] * 30
    scores = scored(counts)
    first = next(place for place in alarms(scores) if place >= 1_900)
    assert first < 1_904
    assert scores[first].reason is ScoreReason.BELOW_BASELINE
    assert scores[first].phase is Phase.DROP


def test_silence_is_found_where_posts_are_few_but_steady() -> None:
    counts = [*calm(2_000, mean=1.0, dispersion=0.0), *[0.0] * 40]
    scores = scored(counts)
    first = next(place for place in alarms(scores) if place >= 2_000)
    assert first < 2_030
    assert scores[first].phase is Phase.SILENCE
    assert scores[-1].phase is Phase.SILENCE


def test_a_silence_that_only_its_length_tells() -> None:
    # One post an hour or so, in minutes: sixteen empty buckets are nothing, ten hours are.
    counts = [*calm(12_000, mean=1 / 60, dispersion=0.0), *[0.0] * 1_500]
    scores = scored(counts, width=timedelta(minutes=1))
    told = [scores[place].reason for place in alarms(scores) if place >= 12_000]
    assert ScoreReason.SILENT in told


def test_a_burst_does_not_raise_its_own_baseline() -> None:
    counts = calm(3_000, mean=20.0)
    counts[2_000:2_036] = [400.0] * 36
    scores = scored(counts)
    before, after = scores[1_999].expected, scores[2_037].expected
    assert before is not None
    assert after == pytest.approx(before, rel=0.1)


def test_a_new_level_is_learned_after_days() -> None:
    counts = [*calm(5 * DAY, mean=20.0), *calm(8 * DAY, mean=60.0, seed=2)]
    scores = scored(counts)
    assert any(5 * DAY <= place < 5 * DAY + 20 for place in alarms(scores))
    learned = scores[-1].expected
    assert learned == pytest.approx(60.0, rel=0.25)
    assert scores[-1].phase is Phase.CALM


def test_a_daily_cycle_is_no_burst_once_it_is_known() -> None:
    counts = [
        count * (0.1 if place % DAY < DAY // 3 else 1.0)
        for place, count in enumerate(calm(14 * DAY, mean=60.0, dispersion=0.02))
    ]
    scores = scored([float(round(count)) for count in counts])
    assert len([place for place in alarms(scores) if place >= 7 * DAY]) <= 3
    night, noon = scores[13 * DAY + 30].expected, scores[13 * DAY + 200].expected
    assert night is not None
    assert noon is not None
    assert noon > 4 * night


def test_the_first_bucket_has_no_history_and_the_first_hours_are_careful() -> None:
    first, *rest = scored([9.0, 30.0, 12.0, 25.0, 8.0, 40.0])
    assert (first.score, first.expected, first.usual) == (0.0, None, None)
    assert first.reason is ScoreReason.NO_HISTORY
    assert all(each.score < ALARM_SCORE for each in rest)


@pytest.mark.parametrize("mean", [0.2, 5.0, 1_000.0])
def test_a_great_burst_in_the_first_hours_is_found(mean: float) -> None:
    assert alarms(scored([*calm(24, mean=mean), 30 * mean + 60.0])) == [24]


@pytest.mark.parametrize(
    "counts",
    [
        [0.0] * 500,
        [7.0] * 500,
        [2.5] * 500,
        [*[0.0] * 400, 1.0, *[0.0] * 99],
    ],
)
def test_what_never_changes_never_alarms(counts: list[float]) -> None:
    assert alarms(scored(counts)) == []


def test_one_post_a_month_is_no_burst() -> None:
    counts = [1.0 if hour % 720 == 400 else 0.0 for hour in range(4_000)]
    assert alarms(scored(counts, width=HOUR)) == []


@pytest.mark.parametrize("huge", [1e6, 1e15, 1e300])
def test_a_million_in_a_minute_alarms_once_and_leaves_the_baseline(huge: float) -> None:
    counts = [*calm(500, mean=10.0), huge, *calm(200, mean=10.0, seed=2)]
    scores = scored(counts, width=timedelta(minutes=1))
    assert alarms(scores[500:]) == [0]
    assert scores[-1].expected == pytest.approx(10.0, rel=0.2)


def test_rows_whose_clock_stands_or_runs_back_follow_the_last() -> None:
    detector = BurstDetector.of(FIVE_MINUTES)
    for place in range(300):
        detector.update(BEGIN + FIVE_MINUTES * place, 10.0 + place % 3)
    for at in (BEGIN, BEGIN, BEGIN - timedelta(days=900), datetime(9_999, 1, 1, tzinfo=UTC)):
        assert detector.update(at, 11.0).score < 0.9


def test_a_gap_is_neither_silence_nor_burst() -> None:
    detector = BurstDetector.of(FIVE_MINUTES)
    scored(calm(1_000, mean=20.0), detector=detector)
    late = BEGIN + FIVE_MINUTES * 3_000
    assert alarms(scored(calm(50, mean=20.0, seed=3), detector=detector, begin=late)) == []


@pytest.mark.parametrize("count", [-1.0, float("nan"), float("inf")])
def test_what_is_no_count_is_refused(count: float) -> None:
    with pytest.raises(ValueError, match="finite and not negative"):
        BurstDetector.of().update(BEGIN, count)


def test_a_width_is_positive() -> None:
    with pytest.raises(ValueError, match="positive width"):
        BurstDetector.of(timedelta(0))


def test_a_state_goes_on_where_it_stood() -> None:
    counts = calm(700, mean=4.0, dispersion=0.5)
    counts[590:610] = [80.0] * 20
    whole = scored(counts)
    detector = BurstDetector.of()
    scored(counts[:600], detector=detector)
    stored = json.loads(json.dumps(detector.to_dict()))
    rest = scored(
        counts[600:],
        detector=BurstDetector.from_dict(stored),
        begin=BEGIN + FIVE_MINUTES * 600,
    )
    assert list(rest) == list(whole[600:])


def test_a_state_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 0"):
        BurstDetector.from_dict({**BurstDetector.of().to_dict(), "version": 0})


def test_the_state_does_not_grow() -> None:
    def size(detector: BurstDetector) -> int:
        return json.dumps(detector.to_dict()).count(",")

    short, long = BurstDetector.of(), BurstDetector.of()
    scored(calm(40, mean=5.0), detector=short)
    scored(calm(6_000, mean=5.0), detector=long)
    assert size(long) == size(short) < 700


def test_the_chance_is_what_the_score_says() -> None:
    for each in scored(calm(100, mean=5.0)):
        assert each.score == pytest.approx(1 - each.chance**0.5)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(-7_200, 90_000),
            st.one_of(st.integers(0, 40), st.floats(0.0, 1e9), st.just(1e308)),
        ),
        min_size=2,
        max_size=60,
    ),
    st.data(),
)
def test_a_score_depends_on_its_own_and_earlier_rows_alone(
    steps: list[tuple[int, float]], data: st.DataObject
) -> None:
    def run(rows: list[tuple[int, float]]) -> list[BucketScore]:
        detector, at, found = BurstDetector.of(), BEGIN, []
        for step, count in rows:
            at += timedelta(seconds=step)
            found.append(detector.update(at, count))
        return found

    cut = data.draw(st.integers(1, len(steps) - 1))
    whole = run(steps)
    assert run(steps[:cut]) == whole[:cut]
    assert all(0.0 <= each.score <= 1.0 for each in whole)
    assert all(low <= high for low, high in (each.usual for each in whole if each.usual))


def test_higher_counts_never_score_lower_in_the_same_bucket() -> None:
    detector = BurstDetector.of()
    scored(calm(600, mean=12.0), detector=detector)
    state = detector.to_dict()
    at = BEGIN + FIVE_MINUTES * 600
    found = [
        BurstDetector.from_dict(state).update(at, float(count)).score for count in range(20, 200, 5)
    ]
    assert all(low <= high for low, high in pairwise(found))


def test_the_height_lasts_as_long_as_the_burst() -> None:
    counts = calm(1_200, mean=20.0)
    counts[1_000:1_060] = [200.0 + place % 7 for place in range(60)]
    scores = scored(counts)
    assert min(each.height for each in scores[1_000:1_060]) >= ALARM_SCORE
    assert max(each.height for each in scores[1_120:]) < ALARM_SCORE
    assert all(each.height >= each.score for each in scores[1_000:1_060])


def test_a_drop_has_no_height() -> None:
    scores = scored([*calm(900, mean=50.0), 0.0, 0.0])
    assert scores[-1].score > 0.9
    assert scores[-1].height == 0.0


@pytest.mark.parametrize("count", [0.0, 5.0, 12.0, 40.0, 1e15])
def test_a_glance_sees_what_the_next_bucket_would_and_learns_nothing(count: float) -> None:
    detector = BurstDetector.of(FIVE_MINUTES)
    scored(calm(600, mean=4.0), detector=detector)
    at = BEGIN + 600 * FIVE_MINUTES
    before = detector.to_dict()
    seen = detector.glance(at, count)
    assert detector.to_dict() == before
    assert detector.update(at, count).height == pytest.approx(seen)


def test_a_glance_without_history_sees_nothing() -> None:
    assert BurstDetector.of(FIVE_MINUTES).glance(BEGIN, 500.0) == 0.0


@pytest.mark.parametrize("count", [-1.0, float("nan"), float("inf")])
def test_a_glance_refuses_what_is_no_count(count: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        BurstDetector.of(FIVE_MINUTES).glance(BEGIN, count)


def test_what_an_hour_usually_brings() -> None:
    detector = BurstDetector.of(FIVE_MINUTES)
    scored(calm(2_000, mean=4.0), detector=detector)
    mean, low, high = detector.usual(BEGIN + 2_000 * FIVE_MINUTES, buckets=12)
    assert mean == pytest.approx(48.0, rel=0.2)
    assert low < mean < high < 2 * mean
