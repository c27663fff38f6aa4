"""Figures of the heads: who was not answered, calibration, confusion, the neutral of two labels."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bench.dev_figures import (
    heads,
    overall_calibration,
    printed_heads,
    printed_two_labels,
    probabilities_of,
    two_labels,
)
from nlp import Analysis, CopyKey, Label
from nlp.training.corpora import Row

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2


def test_rows_without_an_answer_are_left_out_and_counted() -> None:
    rows = [_sentiment(NEGATIVE), Row("b", "abuse", "cold", 1)]
    kept, said, missing = probabilities_of(rows, [_analysis(negative=1.0), _analysis(negative=1.0)])
    assert kept == rows[:1]
    assert said["sentiment"].tolist() == [[1.0, 0.0, 0.0]]
    assert missing == {"abuse": 1}


def test_abuse_is_a_head_of_two_labels() -> None:
    rows = [Row("a", "abuse", "cold", 1)]
    _, said, _ = probabilities_of(rows, [_analysis(abuse=0.75)])
    assert said["abuse"].tolist() == [[0.25, 0.75]]


def test_emotions_are_put_in_the_order_of_the_labels() -> None:
    rows = [Row("a", "emotion", "made", 2)]
    _, said, _ = probabilities_of(rows, [_analysis(emotion={"angry": 0.9, "neutral": 0.1})])
    assert said["emotion"].tolist() == [[0.1, 0.0, 0.9, 0.0, 0.0, 0.0, 0.0]]


def test_confusion_counts_labelled_by_said() -> None:
    rows = [_sentiment(NEGATIVE), _sentiment(NEGATIVE), _sentiment(POSITIVE)]
    answers = [_analysis(negative=1.0), _analysis(neutral=1.0), _analysis(positive=1.0)]
    kept, said, _ = probabilities_of(rows, answers)
    [head] = heads(kept, said)
    assert head.confusion == [[1, 1, 0], [0, 0, 0], [0, 0, 1]]
    assert head.calibration == pytest.approx(1 / 3)
    assert "sentiment: 3 rows, ECE 33.33 %" in printed_heads([head])


def test_calibration_over_all_heads_takes_every_decision() -> None:
    rows = [_sentiment(NEGATIVE), Row("b", "abuse", "cold", 0)]
    kept, said, _ = probabilities_of(rows, [_analysis(negative=1.0), _analysis(abuse=1.0)])
    assert overall_calibration(kept, said) == pytest.approx(0.5)


def test_a_domain_of_two_labels_is_also_judged_without_neutral() -> None:
    rows = [_sentiment(NEGATIVE), _sentiment(POSITIVE)]
    answers = [_analysis(negative=0.4, neutral=0.6), _analysis(positive=0.9, negative=0.1)]
    kept, said, _ = probabilities_of(rows, answers)
    [pair] = two_labels(kept, said)
    assert (pair.domain, pair.neutral, pair.accuracy_without) == ("sentiment/made", 0.5, 1.0)
    assert said["sentiment"][0].tolist() == [0.4, 0.6, 0.0]
    assert printed_two_labels([pair]).splitlines()[1].split() == [
        "sentiment/made",
        "50.00",
        "100.00",
    ]


def test_a_domain_that_knows_neutral_is_not_of_two_labels() -> None:
    rows = [_sentiment(NEUTRAL)]
    kept, said, _ = probabilities_of(rows, [_analysis(neutral=1.0)])
    assert two_labels(kept, said) == []


def _sentiment(label: int) -> Row:
    return Row("text", "sentiment", "made", label)


def _analysis(
    *, abuse: float | None = None, emotion: Mapping[str, float] | None = None, **sentiment: float
) -> Analysis:
    return Analysis(
        language="zh",
        normal="",
        tokens=(),
        copy_key=CopyKey(exact="", simhash=0, bands=()),
        sentiment=_label(sentiment),
        emotion=_label(emotion or {}),
        abuse=abuse,
    )


def _label(scores: Mapping[str, float]) -> Label | None:
    return Label(label=max(scores, key=scores.__getitem__), scores=scores) if scores else None
