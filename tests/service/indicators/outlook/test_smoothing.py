"""Exponential smoothing of posts by day."""

from __future__ import annotations

import math
import random

import pytest

from service.indicators.outlook.naive import seasonal_naive
from service.indicators.outlook.smoothing import exponential_smoothing

WEEKLY = [10.0, 12.0, 14.0, 16.0, 18.0, 5.0, 4.0]


def noisy(days: int, *, seed: int = 3) -> list[float]:
    chance = random.Random(seed)
    return [
        float(round(WEEKLY[day % 7] * 8 * math.exp(chance.gauss(0, 0.2)))) for day in range(days)
    ]


def test_smoothing_sees_the_week_through_the_noise() -> None:
    found = exponential_smoothing(noisy(200), 14)
    for ahead, item in enumerate(found):
        assert item.value == pytest.approx(WEEKLY[(200 + ahead) % 7] * 8, rel=0.25)
        assert item.low_95 < item.low_80 < item.value < item.high_80 < item.high_95


@pytest.mark.parametrize(
    "volumes",
    [[5.0] * 90, [0.0] * 89 + [1.0], [0.0, 0.0, 0.0, 1.0] * 25, [1e7, 0.0] * 50],
    ids=["constant", "one post", "rare", "jumping"],
)
def test_odd_histories_have_a_finite_forecast(volumes: list[float]) -> None:
    for found in (exponential_smoothing(volumes, 90), seasonal_naive(volumes, 90)):
        assert len(found) == 90
        for item in found:
            assert 0 <= item.low_95 <= item.low_80 <= item.value
            assert item.value <= item.high_80 <= item.high_95 < math.inf
