"""How wrong forecasts were."""

from __future__ import annotations

import math
import random

from service.indicators.outlook.backtest import (
    Accuracy,
    accuracy,
    origins,
    seasonal_scale,
)
from service.indicators.outlook.naive import seasonal_naive
from service.indicators.outlook.range import Range

WEEKLY = [10.0, 12.0, 14.0, 16.0, 18.0, 5.0, 4.0]


def noisy(days: int, *, seed: int = 3) -> list[float]:
    chance = random.Random(seed)
    return [
        float(round(WEEKLY[day % 7] * 8 * math.exp(chance.gauss(0, 0.2)))) for day in range(days)
    ]


def exact(value: float) -> Range:
    return Range(value=value, low_80=value, high_80=value, low_95=value, high_95=value)


def test_origins_leave_enough_before_and_after() -> None:
    assert origins(400, 90) == (254, 268, 282, 296, 310)
    assert origins(84, 28) == (56,)
    assert origins(83, 28) == ()


def test_an_exact_forecast_has_no_error() -> None:
    volumes = noisy(100)
    found = accuracy(
        volumes,
        lambda known, days: [exact(volumes[len(known) + n]) for n in range(days)],
        at=origins(100, 28),
        ahead=28,
    )
    assert found == Accuracy(mase=0.0, inside_80=1.0, inside_95=1.0)


def test_errors_are_scaled_by_what_naive_makes() -> None:
    volumes = [float(day // 7) for day in range(84)]
    found = accuracy(
        volumes,
        lambda known, days: [exact(volumes[len(known) + n] + 3) for n in range(days)],
        at=(56,),
        ahead=28,
    )
    assert found == Accuracy(mase=3.0, inside_80=0.0, inside_95=0.0)
    assert seasonal_scale(volumes) == 1.0


def test_only_what_was_known_is_used() -> None:
    seen: list[int] = []

    def forecaster(known: object, days: int) -> list[Range]:
        assert isinstance(known, list)
        seen.append(len(known))
        return [exact(0.0)] * days

    accuracy(noisy(100), forecaster, at=(56, 70), ahead=28)
    assert seen == [56, 70]


def test_weeks_that_never_differ_have_no_scale() -> None:
    found = accuracy(WEEKLY * 12, seasonal_naive, at=(56,), ahead=28)
    assert found.mase is None
