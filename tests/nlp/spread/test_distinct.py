"""How many different things were seen."""

from __future__ import annotations

import random

import pytest

from nlp.spread.distinct import DistinctCount


def counted(number: int, *, seed: int = 1) -> DistinctCount:
    draw, count = random.Random(seed), DistinctCount()
    for _ in range(number):
        count.add(draw.getrandbits(96))
    return count


def test_nothing_is_none() -> None:
    assert DistinctCount().estimate == 0


@pytest.mark.parametrize("number", [1, 10, 100, 1_000, 30_000])
def test_the_estimate_is_near(number: int) -> None:
    assert counted(number).estimate == pytest.approx(number, rel=0.2)


def test_the_same_thing_counts_once() -> None:
    draw, count = random.Random(1), counted(500)
    before = count.estimate
    for _ in range(500):
        count.add(draw.getrandbits(96))
    assert count.estimate == before


def test_a_hash_of_zeros_is_one_thing() -> None:
    count = DistinctCount()
    count.add(0)
    assert count.estimate == 1
