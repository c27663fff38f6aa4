"""From logits to probabilities and labels."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.analysis import CategoryScore, ScenarioScore
from nlp.encoder.calibration import (
    abuse_of,
    label_of,
    moderation_of,
    probabilities,
    scenarios_of,
)
from nlp.encoder.manifest import Head

PAIR = Head(labels=("negative", "positive"))


@given(logits=st.tuples(*[st.floats(-1e4, 1e4)] * 2), scale=st.floats(0.01, 10))
def test_probabilities_sum_to_one_and_keep_the_order(
    logits: tuple[float, float], scale: float
) -> None:
    found = probabilities(Head(labels=PAIR.labels, scale=scale), logits)
    assert sum(found) == pytest.approx(1)
    assert (logits[0] <= logits[1]) or found[0] >= found[1]


def test_scale_and_bias_are_applied_before_the_softmax() -> None:
    head = Head(labels=PAIR.labels, scale=0.5, bias=(0.0, 1.0))
    negative, positive = probabilities(head, [4.0, 0.0])
    assert math.log(negative / positive) == pytest.approx(4 * 0.5 - 1)


def test_a_label_that_the_model_does_not_know_has_score_0() -> None:
    label = label_of("sentiment", PAIR, [0.2, 0.8])
    assert label.label == "positive"
    assert label.scores == {"negative": 0.2, "neutral": 0.0, "positive": 0.8}


def test_of_equals_the_first_label_is_taken() -> None:
    assert label_of("sentiment", PAIR, [0.5, 0.5]).label == "negative"


def test_abuse_is_found_by_its_label_wherever_it_stands() -> None:
    assert abuse_of(Head(labels=("abusive", "clean")), [0.7, 0.3]) == 0.7


def test_scenarios_from_the_threshold_on_are_listed_strongest_first_and_none_never() -> None:
    head = Head(labels=("none", "outage", "misconduct", "data_privacy"), threshold=0.2)
    assert scenarios_of(head, [0.3, 0.2, 0.4, 0.1]) == (
        ScenarioScore(scenario="misconduct", score=0.4),
        ScenarioScore(scenario="outage", score=0.2),
    )


def test_categories_are_listed_like_scenarios() -> None:
    head = Head(labels=("drugs", "fraud", "gambling", "none"), threshold=0.1)
    assert moderation_of(head, [0.05, 0.3, 0.3, 0.35]) == (
        CategoryScore(category="fraud", score=0.3),
        CategoryScore(category="gambling", score=0.3),
    )
