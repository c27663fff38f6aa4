from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.stories.curve import MOST_BUCKETS, NARROWEST_S, Curve

times = st.lists(st.floats(0, 4e9, allow_nan=False), max_size=60)


def curve_of(at: list[float]) -> Curve:
    curve = Curve()
    for instant in at:
        curve.add(instant)
    return curve


def test_buckets_begin_at_multiples_of_their_width() -> None:
    curve = curve_of([601, 899, 900])

    assert curve.points() == [(600, 2), (900, 1)]
    assert curve.width_s == NARROWEST_S


def test_a_long_story_has_wide_buckets() -> None:
    curve = curve_of([0, 86_400])

    assert curve.width_s == 1_200
    assert curve.points() == [(0, 1), (86_400, 1)]


@settings(max_examples=60)
@given(left=times, right=times)
def test_joining_counts_all_and_taking_out_gives_back(
    left: list[float], right: list[float]
) -> None:
    curve, other = curve_of(left), curve_of(right)

    curve.join(other)
    assert sum(curve.counts.values()) == len(left) + len(right)
    assert len(curve.counts) <= MOST_BUCKETS

    curve.take_out(other)
    assert sum(curve.counts.values()) == len(left)


@given(at=times)
def test_it_is_kept_as_it_is(at: list[float]) -> None:
    curve = curve_of(at)

    assert Curve.of(curve.plain()) == curve


def test_nothing_goes_below_nothing() -> None:
    curve = curve_of([0])

    curve.take_out(curve_of([0, 0, 400]))

    assert curve.counts == {}
