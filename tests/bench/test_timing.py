"""Percentiles are values that occurred; medians are taken figure by figure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.timing import Latency, percentile


def test_percentile_is_the_nearest_rank() -> None:
    assert [percentile([4.0, 1.0, 3.0, 2.0], share) for share in (0.25, 0.5, 0.51, 1.0)] == [
        1.0,
        2.0,
        3.0,
        4.0,
    ]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.floats(0.01, 1))
def test_percentile_covers_its_share(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) / len(values) >= share - 1e-9


def test_latency_is_in_milliseconds() -> None:
    latency = Latency.of([0.001] * 98 + [0.5, 0.9])
    assert (latency.p50, latency.p95, latency.p99) == (1.0, 1.0, 500.0)


def test_median_takes_each_percentile_alone() -> None:
    rounds = [
        Latency(p50=1, p95=9, p99=10),
        Latency(p50=3, p95=7, p99=90),
        Latency(p50=2, p95=8, p99=20),
    ]
    assert Latency.median(rounds) == Latency(p50=2, p95=8, p99=20)


def test_latency_prints_in_columns() -> None:
    assert str(Latency(p50=1.25, p95=10, p99=100)).split() == ["1.2", "10.0", "100.0"]


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(IndexError):
        percentile([], 0.5)
