from __future__ import annotations

import pytest

from bench.clustering import agreement

LABELS = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "2"}


def test_the_labels_agree_with_themselves() -> None:
    found = agreement(LABELS, LABELS)

    assert (found.purity, found.f1, found.rand) == (1, 1, 1)


def test_a_hand_computed_case() -> None:
    """Groups {a, b} and {c, d, e}: two of the three pairs of 1 are apart."""
    found = agreement({"a": "x", "b": "x", "c": "y", "d": "y", "e": "y"}, LABELS)

    assert found.purity == pytest.approx(4 / 5)
    assert found.precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert found.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    assert found.rand == pytest.approx((2 - 4 * 4 / 10) / (4 - 4 * 4 / 10))


def test_one_group_of_all_is_no_better_than_chance() -> None:
    assert agreement(dict.fromkeys(LABELS, "x"), LABELS).rand == 0


def test_over_some_items_groups_are_still_those_of_all() -> None:
    found = agreement(dict.fromkeys(LABELS, "x"), LABELS, of=["d", "e"])

    assert (found.precision, found.recall, found.purity) == (pytest.approx(2 / 5), 1, 0)
