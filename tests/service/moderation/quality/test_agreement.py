from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.moderation.quality.agreement import cohen_kappa

Cells = dict[tuple[str, str], float]


def kappa_of(cells: Cells) -> float:
    """Kappa straight from its definition, of cells that need not sum to 1."""
    total = sum(cells.values())
    labels = {label for pair in cells for label in pair}
    observed = sum(cells.get((label, label), 0.0) for label in labels) / total
    expected = sum(
        sum(share for (row, _), share in cells.items() if row == label)
        * sum(share for (_, column), share in cells.items() if column == label)
        for label in labels
    ) / (total * total)
    return (observed - expected) / (1 - expected)


def delta_variance(counts: dict[tuple[str, str], int]) -> float:
    """The variance by the delta method with numeric gradients: another way to the same number."""
    total = sum(counts.values())
    cells = {pair: count / total for pair, count in counts.items()}
    step = 1e-6
    slopes = {
        pair: (kappa_of({**cells, pair: share + step}) - kappa_of({**cells, pair: share - step}))
        / (2 * step)
        for pair, share in cells.items()
    }
    mean = sum(share * slopes[pair] for pair, share in cells.items())
    return sum(share * slopes[pair] ** 2 for pair, share in cells.items()) / total - mean**2 / total


def spread(counts: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    return [pair for pair, count in counts.items() for _ in range(count)]


TWO_BY_TWO = {("p", "p"): 20, ("p", "b"): 5, ("b", "p"): 10, ("b", "b"): 15}
THREE = {
    ("a", "a"): 40, ("a", "b"): 6, ("a", "c"): 2, ("b", "a"): 4, ("b", "b"): 31,
    ("b", "c"): 9, ("c", "b"): 5, ("c", "c"): 18,
}  # fmt: skip


def test_a_table_by_hand() -> None:
    found = cohen_kappa(spread(TWO_BY_TWO))
    assert (found.pairs, found.observed, found.expected) == (50, 0.7, 0.5)
    assert found.kappa == pytest.approx(0.4)


@pytest.mark.parametrize("counts", [TWO_BY_TWO, THREE])
def test_the_interval_is_that_of_the_delta_method(counts: dict[tuple[str, str], int]) -> None:
    found = cohen_kappa(spread(counts), confidence=0.9)
    reach = NormalDist().inv_cdf(0.95) * math.sqrt(delta_variance(counts))
    assert found.kappa == pytest.approx(kappa_of({pair: float(n) for pair, n in counts.items()}))
    assert found.kappa is not None
    assert found.low == pytest.approx(found.kappa - reach, rel=1e-4)
    assert found.high == pytest.approx(found.kappa + reach, rel=1e-4)


def test_nothing_to_compare() -> None:
    found = cohen_kappa([])
    assert (found.pairs, found.observed, found.expected, found.kappa) == (0, None, None, None)


def test_one_label_only_says_nothing_about_chance() -> None:
    found = cohen_kappa([("pass", "pass")] * 9)
    assert (found.observed, found.expected) == (1.0, 1.0)
    assert (found.kappa, found.low, found.high) == (None, None, None)


def test_perfect_agreement_claims_no_interval() -> None:
    found = cohen_kappa([("pass", "pass"), ("block", "block")])
    assert found.kappa == pytest.approx(1)
    assert (found.low, found.high) == (None, None)


def test_one_side_with_one_label_is_chance() -> None:
    assert cohen_kappa([("pass", "pass"), ("pass", "block")] * 8).kappa == 0


@pytest.mark.parametrize("confidence", [0, 1, 1.5])
def test_a_confidence_that_is_none(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        cohen_kappa([("a", "a")], confidence=confidence)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=60))
@settings(max_examples=80)
def test_kappa_lies_in_its_interval_and_sides_may_be_swapped(pairs: list[tuple[str, str]]) -> None:
    found = cohen_kappa(pairs)
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
    if found.low is not None and found.kappa is not None and found.high is not None:
        assert -1 <= found.low <= found.kappa <= found.high <= 1
    swapped = cohen_kappa([(second, first) for first, second in pairs])
    for name in ("kappa", "low", "high"):
        assert getattr(swapped, name) == pytest.approx(getattr(found, name))
