"""Which scores of a tick stand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.trends import Dependence, discoveries


def score(chance: float) -> float:
    return 1.0 - math.sqrt(chance)


def test_the_step_up_rule_keeps_more_than_bonferroni() -> None:
    # rate k / m: 0.0125, 0.025, 0.0375, 0.05; the third lies under its line though not the second.
    chances = (0.03, 0.01, 0.035, 0.9)
    assert discoveries([score(p) for p in chances]) == (True, True, True, False)


def test_under_any_dependence_less_stands() -> None:
    chances = [score(p) for p in (0.03, 0.01, 0.035, 0.9)]
    assert not any(discoveries(chances, dependence=Dependence.ANY))
    assert discoveries([score(0.005), *chances[2:]], dependence=Dependence.ANY)[0]


def test_of_calm_series_hardly_a_tick_finds_one() -> None:
    random = np.random.default_rng(2)
    ticks = [discoveries([score(p) for p in random.random(300)]) for _ in range(200)]
    assert sum(any(tick) for tick in ticks) / len(ticks) < 0.11


def test_no_series_no_discovery() -> None:
    assert discoveries([]) == ()


@given(st.lists(st.floats(0.0, 1.0), max_size=50))
def test_what_stands_is_at_least_as_high_as_what_falls(scores: list[float]) -> None:
    stands = discoveries(scores)
    kept = [score for score, stand in zip(scores, stands, strict=True) if stand]
    fallen = [score for score, stand in zip(scores, stands, strict=True) if not stand]
    assert not kept or not fallen or min(kept) >= max(fallen)


@pytest.mark.parametrize(("scores", "rate"), [([0.5], 0.0), ([0.5], 1.0), ([1.5], 0.1)])
def test_nonsense_is_refused(scores: list[float], rate: float) -> None:
    with pytest.raises(ValueError, match="lie"):
        discoveries(scores, rate=rate)
