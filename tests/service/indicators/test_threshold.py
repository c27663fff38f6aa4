"""Levels: up at once, down past the margin; thresholds that cannot be meant."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidInput
from service.indicators.definition import IndicatorId, Levels, Measured
from service.indicators.threshold import (
    Level,
    Look,
    Threshold,
    default_threshold,
    next_level,
)

UP = Threshold(
    indicator=IndicatorId.NEGATIVE_SHARE,
    measured=Measured.VALUE,
    levels=Levels(yellow=0.3, orange=0.45, red=0.6),
    least=30,
)
DOWN = Threshold(
    indicator=IndicatorId.NET_SENTIMENT,
    measured=Measured.VALUE,
    levels=Levels(yellow=-0.2, orange=-0.4, red=-0.6),
    least=30,
)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        (Level.NONE, 0.29, Level.NONE),
        (Level.NONE, 0.3, Level.YELLOW),
        (Level.NONE, 0.7, Level.RED),
        (Level.YELLOW, 0.28, Level.YELLOW),
        (Level.YELLOW, 0.26, Level.NONE),
        (Level.RED, 0.55, Level.RED),
        (Level.RED, 0.5, Level.ORANGE),
        (Level.RED, 0.42, Level.ORANGE),
        (Level.RED, 0.1, Level.NONE),
    ],
)
def test_high_is_bad(before: Level, value: float, after: Level) -> None:
    assert next_level(before, Look(value, 100), UP) is after


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        (Level.NONE, -0.19, Level.NONE),
        (Level.NONE, -0.2, Level.YELLOW),
        (Level.YELLOW, -0.19, Level.YELLOW),
        (Level.YELLOW, -0.17, Level.NONE),
        (Level.YELLOW, -0.9, Level.RED),
    ],
)
def test_low_is_bad(before: Level, value: float, after: Level) -> None:
    assert next_level(before, Look(value, 100), DOWN) is after


@pytest.mark.parametrize(
    ("n", "value", "after"),
    [(30, None, Level.RED), (29, 0.1, Level.RED), (27, None, Level.RED), (26, 0.9, Level.NONE)],
)
def test_too_few_cases_keep_a_level_inside_the_margin(
    n: int, value: float | None, after: Level
) -> None:
    assert next_level(Level.RED, Look(value, n), UP) is after


@given(st.floats(-2, 2), st.sampled_from(Level), st.sampled_from([UP, DOWN]))
def test_the_same_value_twice_crosses_at_most_once(
    value: float, before: Level, threshold: Threshold
) -> None:
    first = next_level(before, Look(value, 100), threshold)
    assert next_level(first, Look(value, 100), threshold) is first


def test_a_level_without_threshold_is_never_reached() -> None:
    only = replace(UP, levels=Levels(yellow=None, orange=0.5, red=None))
    assert next_level(Level.NONE, Look(0.99, 100), only) is Level.ORANGE


@pytest.mark.parametrize("indicator", IndicatorId)
def test_the_defaults_are_good_and_page_nobody(indicator: IndicatorId) -> None:
    default = default_threshold(indicator)
    default.check()
    assert not default.alert


@pytest.mark.parametrize(
    ("base", "changes", "path"),
    [
        (UP, {"levels": Levels(yellow=0.5, orange=0.4, red=0.6)}, "red"),
        (DOWN, {"levels": Levels(yellow=-0.4, orange=-0.2, red=None)}, "orange"),
        (UP, {"levels": Levels(yellow=inf, orange=None, red=None)}, "yellow"),
        (UP, {"margin": 0.51}, "margin"),
        (UP, {"margin": -0.1}, "margin"),
        (UP, {"least": 29}, "least"),
    ],
)
def test_thresholds_that_cannot_be_meant(
    base: Threshold, changes: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        replace(base, **changes).check()
    assert [name for name, _ in refused.value.errors] == [path]
