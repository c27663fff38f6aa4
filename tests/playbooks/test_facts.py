from __future__ import annotations

import math

import pytest

from playbooks.errors import UnknownFact
from playbooks.facts import FACTS, FactKind, Facts


def test_every_fact_says_what_it_is_made_from() -> None:
    assert all(spec.source for spec in FACTS.values())


def test_what_is_a_truth_and_no_number() -> None:
    assert [n for n, spec in FACTS.items() if spec.kind is FactKind.BOOLEAN] == [
        "contained",
        "monitor_contained",
        "has_brand",
    ]


def test_a_value_is_found() -> None:
    assert Facts({"posts_1h": 3, "has_brand": True}).get("posts_1h") == 3


def test_a_fact_that_was_not_given_is_unknown() -> None:
    assert Facts({"posts_1h": None}).get("posts_24h") is None


def test_reading_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownFact, match="no fact 'post_1h'"):
        Facts().get("post_1h")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("nonsense", 1, "no fact"),
        ("has_brand", 1.0, "takes a bool"),
        ("posts_1h", True, "takes a number"),
        ("posts_1h", math.nan, "finite"),
        ("posts_1h", math.inf, "finite"),
    ],
)
def test_wrong_values_are_refused(name: str, value: float, message: str) -> None:
    with pytest.raises(UnknownFact, match=message):
        Facts({name: value})
