"""Hours and days."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest

from nlp.trends.season import MOST_EFFECT, Effects, Season
from tests.nlp.trends.series import BEGIN


def learned(days: int, *, night: float = 1.0, weekend: float = 1.0, noise: float = 0.2) -> Season:
    """A season after so many days of hours around a level of 100."""
    random = np.random.default_rng(5)
    season = Season()
    for hour in range(days * 24):
        at = BEGIN + timedelta(hours=hour)
        usual = 100.0 * (night if at.hour < 8 else 1.0) * (weekend if at.weekday() > 4 else 1.0)
        count = usual * math.exp(random.normal(scale=noise))
        season.learn(at, count=count, level=100.0, factor=season.factor(at))
    return season


def test_a_daily_pattern_is_learned() -> None:
    season = learned(10, night=0.2)
    night, noon = (season.factor(BEGIN + timedelta(hours=hour)) for hour in (4, 12))
    assert noon / night == pytest.approx(5.0, rel=0.25)


def test_without_a_pattern_there_is_none() -> None:
    season = learned(10, noise=0.8)
    factors = [season.factor(BEGIN + timedelta(hours=hour)) for hour in range(168)]
    assert max(factors) < 1.6
    assert min(factors) > 0.6


def test_two_days_are_not_believed_as_ten_are() -> None:
    def contrast(season: Season) -> float:
        noon, night = (season.factor(BEGIN + timedelta(hours=hour)) for hour in (12, 4))
        return noon / night

    assert 1.0 <= contrast(learned(2, night=0.2)) < contrast(learned(10, night=0.2))


def test_quiet_weekends_are_learned_over_weeks() -> None:
    season = learned(56, weekend=0.4)
    saturday, monday = BEGIN + timedelta(days=5, hours=12), BEGIN + timedelta(hours=12)
    assert season.factor(saturday) < 0.6 * season.factor(monday)


def test_hours_run_into_one_another() -> None:
    season = learned(14, night=0.2)
    seven, eight, nine = (season.factor(BEGIN + timedelta(minutes=m)) for m in (450, 480, 510))
    assert seven < eight < nine


def test_no_visit_says_more_than_twelvefold() -> None:
    effects = Effects(4, 10.0)
    effects.learn(0, 99.0)
    assert effects.means[0] == MOST_EFFECT
