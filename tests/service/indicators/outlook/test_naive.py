"""What was on this weekday last."""

from __future__ import annotations

import math
import random

import pytest

from service.indicators.outlook.naive import from_log, seasonal_naive

WEEKLY = [10.0, 12.0, 14.0, 16.0, 18.0, 5.0, 4.0]


def noisy(days: int, *, seed: int = 3) -> list[float]:
    chance = random.Random(seed)
    return [
        float(round(WEEKLY[day % 7] * 8 * math.exp(chance.gauss(0, 0.2)))) for day in range(days)
    ]


def test_naive_repeats_the_last_week() -> None:
    found = seasonal_naive([*WEEKLY, *WEEKLY], 10)
    assert [round(item.value, 9) for item in found] == [*WEEKLY, *WEEKLY[:3]]
    assert found[0].low_95 == pytest.approx(found[0].high_95)


def test_naive_is_less_sure_of_later_weeks() -> None:
    found = seasonal_naive(noisy(70), 21)
    widths = [math.log1p(item.high_80) - math.log1p(item.low_80) for item in found]
    assert widths[7] / widths[0] == pytest.approx(math.sqrt(2))
    assert widths[14] / widths[0] == pytest.approx(math.sqrt(3))
    assert all(
        item.low_95 < item.low_80 < item.value < item.high_80 < item.high_95 for item in found
    )


def test_nothing_falls_below_nothing() -> None:
    assert from_log(0.1, 5.0).low_95 == 0.0
