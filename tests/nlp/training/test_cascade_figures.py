"""How well sizes are guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from nlp.training.cascade_figures import figures, kendall_tau, seismic_sizes
from nlp.training.cascade_rows import GrownCascade

HOUR = timedelta(hours=1)


def grown(minutes: list[float], *, followers: int = 1_000) -> GrownCascade:
    ages = tuple(sorted(timedelta(minutes=one) for one in minutes))
    return GrownCascade("c", datetime(2026, 3, 1, tzinfo=UTC), followers, ages)


def test_figures_of_right_and_of_wrong_guesses() -> None:
    sizes = np.array([10.0, 20.0, 30.0, 40.0])
    right = figures([sizes], sizes, seed=1)
    assert (right.error.value, right.order.value, right.twofold.value) == (0, 1, 1)
    wrong = figures([sizes * 3], sizes, seed=1)
    assert (wrong.error.value, wrong.twofold.value) == (2, 0)
    assert wrong.document()["cascades"] == 4


def test_an_interval_holds_its_figure() -> None:
    draw = np.random.default_rng(2)
    sizes = draw.uniform(50, 500, 60)
    found = figures([sizes * draw.uniform(0.3, 3, 60) for _ in range(3)], sizes, seed=1)
    for one in (found.error, found.order, found.twofold):
        assert one.low < one.value < one.high


@pytest.mark.parametrize(
    ("left", "right", "tau"),
    [
        ([1, 2, 3], [1, 2, 3], 1),
        ([1, 2, 3], [3, 2, 1], -1),
        ([1, 1, 1], [1, 2, 3], 0),
        # by hand: 4 concordant, 0 discordant pairs, one tied on the left, one on the right
        ([1, 1, 2, 3], [1, 2, 3, 3], 4 / 5),
    ],
)
def test_kendall_tau(left: list[float], right: list[float], tau: float) -> None:
    assert kendall_tau(np.array(left), np.array(right)) == pytest.approx(tau)


def test_a_burst_that_has_just_begun_grows_more_than_an_old_one() -> None:
    old = grown([0, *np.linspace(1, 10, 30).tolist()])
    new = grown([0, *np.linspace(50, 59, 30).tolist()])
    taught = [grown([0, *np.linspace(1, 59, 30).tolist(), *range(61, 61 + n)]) for n in (20, 40)]
    first, second = seismic_sizes([old, new], taught=taught, window=HOUR)
    assert 31 <= first < second


def test_a_process_without_end_is_as_large_as_the_largest_known() -> None:
    taught = [grown([0, *range(1, 50), *range(61, 61 + 200)], followers=1)]
    found = seismic_sizes([grown(list(range(50)), followers=1)], taught=taught, window=HOUR)
    assert 50 <= found[0] <= 250
