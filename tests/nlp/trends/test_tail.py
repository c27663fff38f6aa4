"""The tail of a series' own surprises."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nlp.trends.tail import MOST_SHAPE, START, Tail


def learned(surprises: list[float]) -> Tail:
    tail = Tail()
    for surprise in surprises:
        tail.learn(surprise)
    return tail


def lonely(excesses: list[float], *, every: int = 40) -> list[float]:
    """Each excess in one bucket, calm between."""
    return [value for excess in excesses for value in (START + excess, *[0.0] * (every - 1))]


def drawn(count: int, *, heavy: float = 0.0) -> list[float]:
    random = np.random.default_rng(3)
    exponential = random.exponential(size=count)
    if heavy:
        return [float(value) for value in np.expm1(heavy * exponential) / heavy]
    return [float(value) for value in exponential]


def test_before_any_history_a_surprise_is_about_what_the_model_says() -> None:
    assert Tail().rarity(10.0) == pytest.approx(10.0, abs=0.5)


def test_below_the_start_nothing_is_rarer_than_the_model_says() -> None:
    tail = learned([0.0] * 20_000)
    assert tail.rarity(3.0) == pytest.approx(3.0)


def test_exponential_excesses_stay_exponential() -> None:
    tail = learned(lonely(drawn(600), every=25))
    assert tail.shape < 0.12
    assert tail.rarity(START + 6.0) == pytest.approx(math.log(25) + 6.0, abs=1.5)


def test_a_series_of_lonely_spikes_makes_the_next_one_common() -> None:
    light, heavy = learned(lonely(drawn(400))), learned(lonely(drawn(400, heavy=0.8)))
    assert heavy.shape == pytest.approx(MOST_SHAPE, abs=0.1)
    assert heavy.rarity(20.0) < light.rarity(20.0) - 4.0


def test_few_great_bursts_do_not_stretch_the_tail() -> None:
    calm = drawn(300)
    ten = [300.0 if place % 30 == 0 else excess for place, excess in enumerate(calm)]
    assert learned(lonely(ten)).rarity(20.0) > 0.75 * learned(lonely(calm)).rarity(20.0)


def test_a_run_is_one_event_and_counts_once_it_is_over() -> None:
    tail = Tail()
    before = tail.runs
    for surprise in (5.0, 9.0, 0.0, 7.0):
        tail.learn(surprise)
    assert tail.runs == before + 1
    assert sum(tail.bins) == pytest.approx(sum(Tail().bins))
    for _ in range(4):
        tail.learn(0.0)
    assert sum(tail.bins) == pytest.approx(sum(Tail().bins) + 1)


def test_the_rate_is_forgotten_over_thousands_of_buckets() -> None:
    tail = learned([*lonely([1.0] * 100), *[0.0] * 30_000])
    assert tail.rarity(START + 1.0) > 6.0


def test_rarity_never_falls_as_the_surprise_grows() -> None:
    tail = learned(lonely(drawn(200, heavy=0.4)))
    found = [tail.rarity(step / 10) for step in range(600)]
    assert found == sorted(found)
