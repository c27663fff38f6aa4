"""How like two incidents are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cases.likeness import WEIGHTS, Part, Traits, likeness

ONE = Traits(
    incident_id="inc_1",
    scenario="product_quality",
    tier_rank=1,
    brand="tea",
    terms=frozenset({"漏水", "退货"}),
    causes=frozenset({"leak"}),
)
WORDS = st.frozensets(st.sampled_from("abcde"))
TRAITS = st.builds(
    Traits,
    incident_id=st.just("inc"),
    scenario=st.sampled_from(["product_quality", "rumour_smear", "unclassified", None]),
    tier_rank=st.integers(1, 3),
    brand=st.sampled_from(["tea", "milk"]),
    terms=WORDS,
    causes=WORDS,
)


def test_the_weights_sum_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert set(WEIGHTS) == set(Part)


def test_it_is_all_like_itself() -> None:
    assert likeness(ONE, ONE, ranks=3).score == pytest.approx(1.0)


@given(TRAITS, TRAITS)
def test_it_goes_both_ways_and_stays_in_its_bounds(one: Traits, other: Traits) -> None:
    there = likeness(one, other, ranks=3)
    assert there == likeness(other, one, ranks=3)
    assert 0.0 <= there.score <= 1.0 + 1e-9
    assert all(value is None or 0.0 <= value <= 1.0 for value in there.parts.values())


def test_terms_are_shared_ones_over_all_of_both() -> None:
    other = replace(ONE, terms=frozenset({"漏水", "味道", "包装"}))
    found = likeness(ONE, other, ranks=3)
    assert found.parts[Part.TERMS] == pytest.approx(0.25)
    assert found.shared_terms == ("漏水",)


def test_what_has_nothing_to_compare_says_so_and_counts_nothing() -> None:
    found = likeness(ONE, replace(ONE, causes=frozenset()), ranks=3)
    assert found.parts[Part.CAUSES] is None
    assert found.score == pytest.approx(1.0 - WEIGHTS[Part.CAUSES])


def test_two_that_nobody_has_named_are_not_alike_by_that() -> None:
    unnamed = replace(ONE, scenario="unclassified")
    assert likeness(unnamed, unnamed, ranks=3).parts[Part.SCENARIO] is None


@pytest.mark.parametrize(("rank", "value"), [(1, 1.0), (2, 0.5), (3, 0.0)])
def test_tiers_are_as_near_as_they_are(rank: int, value: float) -> None:
    found = likeness(ONE, replace(ONE, tier_rank=rank), ranks=3)
    assert found.parts[Part.TIER] == value
