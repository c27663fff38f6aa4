"""Tails against exact sums."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.trends.negative_binomial import interval, surprise_above, surprise_below


def masses(mean: float, dispersion: float, *, upto: int) -> list[float]:
    """P(X = k) for each k below `upto`."""
    if dispersion == 0.0:
        return [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(upto)]
    size = 1 / dispersion
    return [
        math.exp(
            math.lgamma(k + size)
            - math.lgamma(size)
            - math.lgamma(k + 1)
            - size * math.log1p(mean / size)
            + k * math.log(mean / (size + mean))
        )
        for k in range(upto)
    ]


@pytest.mark.parametrize("dispersion", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("mean", [0.3, 3.0, 60.0])
def test_tails_are_those_of_the_exact_sums(mean: float, dispersion: float) -> None:
    every = masses(mean, dispersion, upto=3_000)
    spread = math.sqrt(mean + dispersion * mean * mean)
    for count in {math.ceil(mean + deviations * spread) for deviations in (1, 2, 4, 7)}:
        exact = -math.log(math.fsum(every[count:]))
        assert surprise_above(count, mean=mean, dispersion=dispersion) == pytest.approx(
            exact, abs=0.12
        )
    low = math.floor(mean / 3)
    exact = -math.log(math.fsum(every[: low + 1]))
    assert surprise_below(low, mean=mean, dispersion=dispersion) == pytest.approx(exact, abs=0.05)


def test_no_post_is_no_surprise_above() -> None:
    assert surprise_above(0.0, mean=1.0, dispersion=0.2) == 0.0


def test_at_the_mean_the_tail_is_half() -> None:
    assert surprise_above(10.5, mean=10.0, dispersion=0.1) == pytest.approx(math.log(2))


@given(
    st.floats(1e-9, 1e12),
    st.floats(1.0, 1e12),
    st.sampled_from([0.0, 1e-4, 0.3, 3.0]),
)
def test_any_size_has_a_finite_surprise_that_grows(
    mean: float, factor: float, dispersion: float
) -> None:
    count = mean + math.sqrt(mean + dispersion * mean * mean) * min(factor, 1e3) + 1.0
    near = surprise_above(count, mean=mean, dispersion=dispersion)
    far = surprise_above(count * 2, mean=mean, dispersion=dispersion)
    assert 0.0 <= near <= far < math.inf


def test_the_interval_holds_19_of_20_counts() -> None:
    low, high = interval(mean=40.0, dispersion=0.1)
    every = masses(40.0, 0.1, upto=400)
    held = math.fsum(mass for count, mass in enumerate(every) if low <= count <= high)
    assert held == pytest.approx(0.95, abs=0.02)


def test_the_interval_of_next_to_nothing_begins_at_zero() -> None:
    assert interval(mean=0.01, dispersion=0.1)[0] == 0.0
