"""What goes together more than chance would have it, and what does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from service.indicators.causes.association import LEAST_DAYS, LEAST_EXPECTED, Cell, Shuffle, cells
from service.indicators.causes.bands import UNKNOWN

DAYS = 84
Ints = NDArray[np.int64]


def stream(seed: int, *, wet: Ints | None = None, more: float = 1.0) -> tuple[Ints, Ints]:
    """Posts of two causes, and all; causes come in outbreaks that last a day, and the first one is
    `more` times as frequent on wet days."""
    chance = np.random.default_rng(seed)
    outbreak = chance.gamma(2.0, 0.5, size=(2, DAYS, 1)) * np.ones((1, 1, 24))
    if wet is not None:
        outbreak[0] *= np.where(wet[:, None] == 1, more, 1.0)
    causes = chance.poisson(0.25 * outbreak)
    other = chance.poisson(1.5, size=(DAYS, 24))
    return causes, causes.sum(axis=0) + other


def rain(seed: int) -> Ints:
    return np.random.default_rng(seed).integers(0, 2, size=DAYS)


def daily(bands: Ints) -> Ints:
    return np.repeat(bands[:, None], 24, axis=1)


def test_numbers_of_a_cell_are_those_of_the_table() -> None:
    causes = np.zeros((1, 2, 24), dtype=np.int64)
    causes[0, 0, 0], causes[0, 1, 0] = 3, 1
    posts = np.zeros((2, 24), dtype=np.int64)
    posts[0, 0], posts[1, 0] = 4, 4
    grid = daily(np.array([1, 0]))
    found = cells(causes, posts, grid, bands=2, shuffle=Shuffle.DAYS)
    assert found == (
        Cell(cause=0, band=0, n=1, expected=2.0, lift=0.5, p=None),
        Cell(cause=0, band=1, n=3, expected=2.0, lift=1.5, p=None),
    )


def test_hours_of_no_band_count_nowhere() -> None:
    causes, posts = stream(1)
    grid = daily(np.where(np.arange(DAYS) < 28, UNKNOWN, np.arange(DAYS) % 2))
    found = cells(causes, posts, grid, bands=2, shuffle=Shuffle.DAYS)
    assert sum(cell.n for cell in found if cell.cause == 0) == causes[0, 28:].sum()


def test_a_band_without_posts_has_no_lift() -> None:
    causes, posts = stream(1)
    found = cells(
        causes, posts, daily(np.zeros(DAYS, dtype=np.int64)), bands=2, shuffle=Shuffle.DAYS
    )
    empty = [cell for cell in found if cell.band == 1]
    assert [(cell.n, cell.lift, cell.p) for cell in empty] == [(0, None, None)] * 2
    everywhere = [cell for cell in found if cell.band == 0]
    assert [(cell.lift, cell.p) for cell in everywhere] == [(1.0, 1.0)] * 2


def test_what_hangs_together_is_found_and_only_there() -> None:
    wet = rain(5)
    causes, posts = stream(2, wet=wet, more=5.0)
    found = cells(causes, posts, daily(wet), bands=2, shuffle=Shuffle.DAYS)
    by_place = {(cell.cause, cell.band): cell for cell in found}
    assert (by_place[0, 1].p or 1) <= 0.01
    assert (by_place[0, 1].lift or 0) > 1.2
    assert (by_place[0, 0].p or 0) > 0.5


def test_a_band_of_few_days_is_not_tested() -> None:
    causes, posts = stream(2)
    wet = np.where(np.arange(DAYS) < LEAST_DAYS - 1, 1, 0)
    causes[0, wet == 1] += 5
    posts[wet == 1] += 5
    found = cells(causes, posts, daily(wet), bands=2, shuffle=Shuffle.DAYS)
    assert [cell.p is None for cell in found] == [False, True, False, True]
    assert (found[1].lift or 0) > 2


def test_the_same_numbers_give_the_same_answer() -> None:
    causes, posts = stream(2)
    asked: dict[str, Any] = {"bands": 2, "shuffle": Shuffle.DAYS}
    assert cells(causes, posts, daily(rain(1)), **asked) == cells(
        causes, posts, daily(rain(1)), **asked
    )


def test_outbreaks_alone_are_seldom_taken_for_an_association() -> None:
    smallest = []
    for seed in range(40):
        causes, posts = stream(seed)
        found = cells(causes, posts, daily(rain(seed + 500)), bands=2, shuffle=Shuffle.DAYS)
        smallest.append(min(cell.p for cell in found if cell.p is not None))
    # Of forty two are to be expected at 5 %; a test that takes posts for independent, as below,
    # would find many more.
    assert sum(p <= 0.05 for p in smallest) <= 5
    independent = 0
    for seed in range(40):
        causes, posts = stream(seed)
        wet = rain(seed + 500) == 1
        n, m, both = causes[0].sum(), posts[wet].sum(), causes[0][wet].sum()
        expected = n * m / posts.sum()
        independent += (both - expected) / np.sqrt(expected * (1 - m / posts.sum())) > 1.96
    assert independent > sum(p <= 0.05 for p in smallest)


def test_an_hour_of_the_day_is_found_by_turning_days() -> None:
    causes, posts = stream(3)
    evening = np.zeros_like(causes)
    evening[0, :, 20] = np.random.default_rng(9).poisson(1.5, size=DAYS)
    hours = np.tile(np.arange(24), (DAYS, 1))
    found = cells(causes + evening, posts + evening[0], hours, bands=24, shuffle=Shuffle.HOURS)
    surest = min(found, key=lambda cell: (1.0 if cell.p is None else cell.p, -cell.n))
    assert (surest.cause, surest.band) == (0, 20)
    assert surest.p == pytest.approx(0.0005)


def test_a_slow_trend_of_both_is_no_association() -> None:
    """Rain and the cause both grow over the months; inside four weeks nothing hangs together."""
    trend = np.linspace(0.2, 2.0, DAYS)
    chance = np.random.default_rng(4)
    causes = chance.poisson(0.3 * trend[None, :, None], size=(1, DAYS, 24))
    posts = causes.sum(axis=0) + chance.poisson(2.0, size=(DAYS, 24))
    wet = (chance.random(DAYS) < np.linspace(0.1, 0.9, DAYS)).astype(np.int64)
    found = cells(causes, posts, daily(wet), bands=2, shuffle=Shuffle.DAYS)
    assert found[1].lift is not None
    assert found[1].lift > 1.1
    assert (found[1].p or 0) > 0.05
    assert found[1].expected >= LEAST_EXPECTED
