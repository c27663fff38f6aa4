"""Scores against tables computed by hand."""

from __future__ import annotations

import pytest

from service.learning.scores import score, score_sets

PAIRS: list[tuple[str, str | None]] = [
    ("negative", "negative"),
    ("negative", "negative"),
    ("negative", "neutral"),
    ("positive", "positive"),
    ("positive", None),
    ("neutral", "negative"),
]


def test_accuracy_counts_what_was_not_answered_as_wrong() -> None:
    found = score(PAIRS)
    assert (found.rows, found.right, found.unanswered) == (6, 3, 1)
    assert found.accuracy == 0.5


def test_each_label_by_hand() -> None:
    table = {item.label: item for item in score(PAIRS).labels}
    negative = table["negative"]
    assert (negative.given, negative.answered, negative.right) == (3, 3, 2)
    assert negative.precision == negative.recall == negative.f1 == pytest.approx(2 / 3)
    positive = table["positive"]
    assert (positive.precision, positive.recall) == (1.0, 0.5)
    assert positive.f1 == pytest.approx(2 / 3)
    assert table["neutral"].f1 == 0.0


def test_macro_f1_is_the_mean_over_labels_that_people_gave() -> None:
    # (2/3 + 2/3 + 0) / 3
    assert score(PAIRS).f1 == pytest.approx(4 / 9)


def test_a_label_that_nobody_gave_weighs_nothing() -> None:
    found = score([("negative", "negative"), ("negative", "angry")])
    (angry, negative) = found.labels
    assert (angry.recall, angry.precision, angry.f1) == (None, 0.0, 0.0)
    assert found.f1 == negative.f1 == pytest.approx(2 / 3)


def test_a_label_that_was_never_answered_has_no_precision() -> None:
    (given, _) = score([("a", "b")]).labels
    assert given.precision is None


def test_without_rows_there_is_no_score() -> None:
    found = score([])
    assert (found.accuracy, found.f1, found.labels) == (None, None, ())


def test_sets_of_labels_are_counted_together() -> None:
    found = score_sets(
        [
            (frozenset({"fraud", "spam"}), frozenset({"fraud"})),
            (frozenset(), frozenset()),
            (frozenset({"spam"}), frozenset({"spam", "abuse"})),
        ]
    )
    # Right: fraud, spam. Given 3, answered 3: F1 = 2·2 / 6.
    assert found.f1 == pytest.approx(2 / 3)
    assert (found.right, found.rows) == (1, 3)
    assert [item.label for item in found.labels] == ["abuse", "fraud", "spam"]


def test_sets_in_which_nothing_was_said() -> None:
    assert score_sets([(frozenset(), frozenset())]).f1 is None
