"""What goes into one batch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.batching.packing import FLOOR, Batch, cost, packed


@given(st.lists(st.integers(1, 300), max_size=80), st.integers(1, 1_000))
def test_every_part_is_packed_once_within_the_budget(sizes: list[int], budget: int) -> None:
    batches = packed(sizes, budget=budget)
    assert sorted(place for batch in batches for place in batch) == list(range(len(sizes)))
    for batch in batches:
        costs = [cost(sizes[place]) for place in batch]
        assert len(batch) == 1 or len(batch) * max(costs) <= budget
        assert max(costs) <= 2 * min(costs)
        assert costs == sorted(costs)


def test_a_long_part_does_not_pad_short_ones() -> None:
    assert packed([20, 160, 21], budget=2_048) == [[0, 2], [1]]


def test_tiny_parts_count_as_the_floor() -> None:
    assert [len(batch) for batch in packed([1] * 5, budget=2 * FLOOR)] == [2, 2, 1]


@pytest.mark.parametrize("tokens", [1, 10_000])
def test_the_first_part_is_always_admitted(tokens: int) -> None:
    assert Batch(budget=1).admits(tokens)


def test_padding_counts() -> None:
    batch = Batch(budget=100)
    batch.add(20)
    batch.add(30)
    assert (batch.count, batch.padded) == (2, 60)
