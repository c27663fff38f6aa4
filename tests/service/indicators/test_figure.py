"""Every formula, and every way of saying nothing."""

from __future__ import annotations

from typing import Any

import pytest

from service.indicators.definition import IndicatorId
from service.indicators.definitions import DEFINITIONS
from service.indicators.figure import (
    Figure,
    Ingredients,
    Response,
    Share,
    Silence,
    figure,
    quantile,
)
from service.stores import Tally
from tests.support.stored_posts import NOON


def tally(**sums: Any) -> Tally:
    return Tally(start=NOON, end=NOON, **sums)


FULL = Ingredients(
    tally=tally(
        posts=400,
        distinct=300,
        reach=9_000,
        engagement=77,
        sentiments={"negative": 90, "neutral": 150, "positive": 60},
        emotions={"angry": 30, "sad": 10, "neutral": 60},
        intents={"complaint": 25, "question": 75},
        sources={"weibo": 300, "news:daily": 100},
        channels={"social": 300, "news": 100},
        topics={"2:1": 30, "2:4": 10, "2:-": 60, "20:1": 400},
    ),
    rivals=100,
    topics="2",
    response=Response(opened=4, acknowledged=(300.0, 60.0, 120.0), answered=(600.0,)),
    breaches=Share(part=2, whole=8),
    recurrences=Share(part=1, whole=5),
    unseen=Share(part=1.5, whole=30),
)


@pytest.mark.parametrize(
    ("indicator", "value", "n"),
    [
        (IndicatorId.VOLUME, 400, 400),
        (IndicatorId.DISTINCT_TEXTS, 300, 400),
        (IndicatorId.REACH, 9_000, 400),
        (IndicatorId.ENGAGEMENT, 77, 400),
        (IndicatorId.NET_SENTIMENT, -0.1, 300),
        (IndicatorId.EMOTION_MIX, 0.3, 100),
        (IndicatorId.NEGATIVE_SHARE, 0.3, 300),
        (IndicatorId.SHARE_OF_VOICE, 0.8, 500),
        (IndicatorId.SOURCE_MIX, 0.625, 400),
        (IndicatorId.TOPIC_MIX, 0.625, 40),
        (IndicatorId.RESPONSE_TIMES, 120.0, 3),
        (IndicatorId.BREACH_RATE, 0.25, 8),
        (IndicatorId.RECURRENCE_RATE, 0.2, 5),
        (IndicatorId.COVERAGE, 0.95, 30),
        (IndicatorId.COMPLAINTS_PER_1000, 250.0, 100),
    ],
)
def test_formulas(indicator: IndicatorId, value: float, n: int) -> None:
    found = figure(indicator, FULL)
    assert (found.value, found.n, found.silence) == (pytest.approx(value), n, None)


@pytest.mark.parametrize("indicator", IndicatorId)
def test_of_nothing_there_is_a_reason_or_an_honest_zero(indicator: IndicatorId) -> None:
    found = figure(indicator, Ingredients(tally=tally(), topics="2", rivals=0))
    if DEFINITIONS[indicator].least:
        assert (found.value, found.silence) == (None, Silence.NOT_ENOUGH_DATA)
    else:
        assert (found.value, found.silence) == (0, None)


def test_few_posts_have_counts_and_no_share() -> None:
    few = Ingredients(tally=tally(posts=3, sentiments={"negative": 3}))
    assert figure(IndicatorId.NEGATIVE_SHARE, few) == Figure(
        value=None,
        n=3,
        silence=Silence.NOT_ENOUGH_DATA,
        parts={"sentiment": {"negative": 3}},
    )


def test_before_the_first_post_there_is_no_zero() -> None:
    found = figure(IndicatorId.VOLUME, Ingredients(tally=tally(), begun=False))
    assert (found.value, found.silence) == (None, Silence.BEFORE_FIRST_POST)


def test_no_topics_and_no_rivals_are_said() -> None:
    alone = Ingredients(tally=tally(posts=100, topics={"3:1": 100}))
    assert figure(IndicatorId.TOPIC_MIX, alone).silence is Silence.NO_TOPICS
    assert figure(IndicatorId.SHARE_OF_VOICE, alone).silence is Silence.NO_RIVALS


def test_response_times_tell_of_both_and_of_who_waits() -> None:
    parts = figure(IndicatorId.RESPONSE_TIMES, FULL).parts
    assert parts["count"] == {"opened": 4, "acknowledged": 3, "answered": 1}
    assert parts["acknowledged"] == {"median": 120.0, "p90": pytest.approx(264.0)}
    assert parts["answered"] == {"median": 600.0, "p90": 600.0}


@pytest.mark.parametrize(
    ("values", "share", "value"),
    [([5.0], 0.9, 5.0), ([0.0, 10.0], 0.25, 2.5), ([1.0, 2.0, 3.0], 1.0, 3.0)],
)
def test_quantiles(values: list[float], share: float, value: float) -> None:
    assert quantile(values, share) == pytest.approx(value)


def test_every_indicator_is_defined_once_in_two_languages() -> None:
    assert list(DEFINITIONS) == list(IndicatorId)
    assert len(DEFINITIONS) == 15
    for defined in DEFINITIONS.values():
        assert set(defined.name) == {"zh", "en"}
