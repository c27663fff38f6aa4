from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.moderation.quality.precision import judged_labels, label_precision, wilson_interval


def test_labels_are_counted_each_on_its_own() -> None:
    judged = [
        *judged_labels(["spam", "abuse", "spam"], ["spam"]),
        *judged_labels(["spam"], []),
        *judged_labels(["abuse"], ["abuse", "hate"]),
    ]
    rows = label_precision(judged)
    assert [(row.label, row.judged, row.right) for row in rows] == [("abuse", 2, 1), ("spam", 2, 1)]
    assert rows[0].precision == 0.5


def test_what_people_add_is_no_matter_of_precision() -> None:
    assert judged_labels([], ["hate"]) == ()


def test_nothing_judged() -> None:
    assert label_precision([]) == ()


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (9, 10, 0.5958, 0.9821),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_wilson_by_the_tables(hits: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(hits, total) == pytest.approx((low, high), abs=1e-4)


def test_without_evidence_anything_may_be() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("hits", "total"), [(-1, 3), (4, 3)])
def test_counts_that_cannot_be(hits: int, total: int) -> None:
    with pytest.raises(ValueError, match=f"{hits} of {total} cannot be"):
        wilson_interval(hits, total)


def test_a_confidence_that_is_none() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        label_precision([("spam", True)], confidence=1)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(max_examples=80)
def test_the_bounds_are_where_the_score_test_turns(seen: tuple[int, int]) -> None:
    hits, total = seen
    low, high = wilson_interval(hits, total)
    share = hits / total
    assert 0 <= low <= share <= high <= 1
    for bound in (low, high):
        if 0 < bound < 1:
            score = (share - bound) ** 2 * total / (bound * (1 - bound))
            assert score == pytest.approx(1.959964**2, rel=1e-4)
