from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.expression import Outcome, Reason, explain, outcome_of, reasons
from playbooks.facts import Facts
from playbooks.schema import Condition

NAMES = ("posts_1h", "negative_1h", "severity_max_1h")


def condition(data: dict[str, Any]) -> Condition:
    return Condition.model_validate(data)


@pytest.mark.parametrize(
    ("operator", "threshold", "values", "text"),
    [
        ("at_least", 20, (False, True, True), "posts_1h ≥ 20"),
        ("at_most", 20, (True, True, False), "posts_1h ≤ 20"),
        ("above", 20, (False, False, True), "posts_1h > 20"),
        ("below", 20, (True, False, False), "posts_1h < 20"),
        ("equals", 20, (False, True, False), "posts_1h = 20"),
    ],
)
def test_comparisons_around_their_threshold(
    operator: str, threshold: float, values: tuple[bool, ...], text: str
) -> None:
    when = condition({"fact": "posts_1h", operator: threshold})
    held = tuple(explain(when, Facts({"posts_1h": value})).held for value in (19, 20, 21))
    assert held == values
    assert explain(when, Facts()).clause == text


@pytest.mark.parametrize(("value", "held"), [(True, False), (False, True)])
def test_a_truth_is_compared_with_is(value: bool, held: bool) -> None:
    explanation = explain(
        condition({"fact": "has_brand", "is": False}), Facts({"has_brand": value})
    )
    assert (explanation.held, explanation.clause) == (held, "has_brand is false")


def test_fractions_are_written_as_they_are() -> None:
    assert explain(condition({"fact": "burst_score_1h", "at_least": 0.999}), Facts()).clause == (
        "burst_score_1h ≥ 0.999"
    )


def test_an_unknown_fact_says_so() -> None:
    explanation = explain(condition({"fact": "expected_1h", "above": 1}), Facts())
    assert (explanation.outcome, explanation.value) == (Outcome.UNKNOWN, None)


def test_not_over_an_unknown_does_not_hold() -> None:
    when = condition({"not": {"fact": "expected_1h", "above": 1}})
    assert explain(when, Facts()).outcome is Outcome.UNKNOWN


def test_reasons_are_the_comparisons_that_made_it_hold() -> None:
    when = condition(
        {
            "all": [
                {"fact": "posts_1h", "at_least": 10},
                {
                    "any": [
                        {"fact": "negative_1h", "above": 5},
                        {"fact": "severity_max_1h", "above": 3},
                    ]
                },
                {"not": {"any": [{"fact": "velocity", "above": 2}]}},
            ]
        }
    )
    facts = Facts({"posts_1h": 12, "negative_1h": 5, "severity_max_1h": 4, "velocity": 1})
    assert reasons(explain(when, facts)) == (
        Reason(clause="posts_1h ≥ 10", value=12, threshold=10),
        Reason(clause="severity_max_1h > 3", value=4, threshold=3),
        Reason(clause="velocity ≤ 2", value=1, threshold=2),
    )


def test_what_does_not_hold_has_no_reasons() -> None:
    assert reasons(explain(condition({"fact": "posts_1h", "above": 1}), Facts())) == ()


leaves = st.builds(
    lambda fact, operator, threshold: {"fact": fact, operator: threshold},
    st.sampled_from(NAMES),
    st.sampled_from(["at_least", "at_most", "above", "below", "equals"]),
    st.integers(0, 4),
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.builds(lambda part: {"not": part}, inner)
        | st.builds(
            lambda key, parts: {key: parts},
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=1, max_size=3),
        )
    ),
    max_leaves=8,
)
values = st.fixed_dictionaries({name: st.none() | st.integers(0, 4) for name in NAMES})


@given(trees, values)
def test_reasons_and_outcome_agree(
    tree: dict[str, Any], given_values: dict[str, int | None]
) -> None:
    when, facts = condition(tree), Facts(given_values)
    explanation = explain(when, facts)
    assert outcome_of(when, facts) is explanation.outcome
    assert bool(reasons(explanation)) is explanation.held


@given(trees, values, st.fixed_dictionaries({name: st.integers(0, 4) for name in NAMES}))
def test_what_holds_in_ignorance_holds_whatever_comes_out(
    tree: dict[str, Any], known: dict[str, int | None], rest: dict[str, int]
) -> None:
    when = condition(tree)
    filled = {name: rest[name] if value is None else value for name, value in known.items()}
    before = outcome_of(when, Facts(known))
    assert before is Outcome.UNKNOWN or outcome_of(when, Facts(filled)) is before
