"""Bounds that make no sense are refused."""

import pytest

from nlp.batching import Limits


@pytest.mark.parametrize("name", ["batch_tokens", "most_items", "most_tokens"])
def test_a_bound_is_at_least_one(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: 0})


def test_no_wait_is_below_zero() -> None:
    with pytest.raises(ValueError, match="max_wait_s"):
        Limits(max_wait_s=-0.001)
