from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import (
    Facts,
    FactValue,
    Gap,
    Library,
    NextTier,
    Scope,
    UnknownContent,
    document_of,
    lay_rules,
    next_tier,
)
from playbooks.expression import outcome_of
from playbooks.schema import Comparison, Condition, Kind, Operator, Rule

QUALITY = Scope(scenario="product_quality", has_brand=True)
NO_BRAND = Scope(scenario="product_quality", has_brand=False)


def ruled(library: Library, *conditions: Any, tier: str = "orange") -> Library:
    """The sample with these rules alone: `r0`, `r1`, … of one tier."""
    rules = {
        f"r{number}": Rule.model_validate(
            {
                "id": f"r{number}",
                "name": {"zh": "规则"},
                "kind": "crisis",
                "scenarios": "any",
                "tier": tier,
                "when": condition,
                "why": {"zh": "因为"},
            }
        )
        for number, condition in enumerate(conditions)
    }
    return replace(library, rules=rules)


def found(library: Library, facts: dict[str, FactValue], above: str | None = "yellow") -> NextTier:
    following = next_tier(library, QUALITY, Facts(facts), above=above)
    assert following is not None
    return following


def gap(operator: Operator, threshold: float | bool, value: FactValue, *, no: bool = False) -> Gap:
    fact = "has_brand" if operator is Operator.IS else "negative_1h"
    return Gap(comparison=Comparison(fact, operator, threshold), negated=no, value=value)


def test_what_is_missing_is_named_with_value_and_threshold(library: Library) -> None:
    following = found(library, {"negative_1h": 13, "severity_max_1h": 4})
    (rule,) = following.rules
    (missing,) = rule.gaps
    assert (following.tier.id, rule.rule_id) == ("orange", "burst")
    assert (missing.clause, missing.value, missing.reached) == ("negative_1h ≥ 20", 13, 0.65)


def test_the_sentence_says_what_would_have_to_come(library: Library) -> None:
    following = found(library, {"negative_1h": 13, "negative_share_1h": 0.3333, "posts_1h": 39})
    said = following.said(following.rules[0])
    assert said.zh == (
        "会升为较大（orange）：negative_1h 达到 20（现 13），"
        "且 negative_share_1h 超过 0.5（现 0.333）"
    )
    assert said.en == (
        "would become Major (orange): negative_1h reaches 20 (now 13) "
        "and negative_share_1h exceeds 0.5 (now 0.333)"
    )


def test_a_tier_without_an_english_name_is_said_in_chinese(library: Library) -> None:
    table = library.tiers
    orange = table.tiers[1]
    nameless = orange.model_copy(update={"name": orange.name.model_copy(update={"en": None})})
    tiers = table.model_copy(update={"tiers": (table.tiers[0], nameless, table.tiers[2])})
    following = found(replace(library, tiers=tiers), {"negative_1h": 13, "severity_max_1h": 4})
    assert (following.said(following.rules[0]).en or "").startswith("would become 较大 (orange)")


def test_a_tier_for_which_no_rule_asks_is_passed_over(library: Library) -> None:
    without = ruled(library, {"fact": "injury_posts_24h", "at_least": 2}, tier="red")
    assert found(without, {"injury_posts_24h": 1}).tier.id == "red"


def test_a_rule_that_holds_is_not_waited_for(library: Library) -> None:
    following = found(library, {"negative_1h": 20, "severity_max_1h": 4})
    assert [rule.rule_id for rule in following.rules] == ["injury"]


def test_above_the_highest_tier_there_is_nothing(library: Library) -> None:
    assert next_tier(library, QUALITY, Facts(), above="red") is None


def test_a_rule_for_brands_is_not_shown_to_others(library: Library) -> None:
    assert next_tier(library, NO_BRAND, Facts(), above="orange") is None


def test_rules_of_other_kinds_and_in_shadow_are_left_out(library: Library) -> None:
    assert next_tier(library, QUALITY, Facts(), above=None, kind=Kind.COVERAGE) is None
    shadowed = lay_rules(library, [document_of({"id": "injury", "mode": "shadow"}, place="r")])
    assert next_tier(shadowed, QUALITY, Facts(), above="orange") is None


def test_without_an_incident_the_lowest_tier_is_the_next(library: Library) -> None:
    whole = Scope(scenario=None, has_brand=False)
    following = next_tier(library, whole, Facts({"posts_1h": 50}), above=None)
    assert following is not None
    assert (following.tier.id, following.rules[0].reached) == ("yellow", 0.5)


def test_a_tier_that_nobody_knows_is_refused(library: Library) -> None:
    with pytest.raises(UnknownContent):
        next_tier(library, QUALITY, Facts(), above="violet")


def test_the_nearest_rule_comes_first(library: Library) -> None:
    far, near = {"fact": "posts_1h", "at_least": 100}, {"fact": "posts_1h", "at_least": 40}
    following = found(ruled(library, far, near, far), {"posts_1h": 30})
    assert [rule.rule_id for rule in following.rules] == ["r1", "r0", "r2"]


def test_of_any_the_nearest_branch_counts(library: Library) -> None:
    branches = {
        "any": [
            {"fact": "news_posts_24h", "at_least": 5},
            {
                "all": [
                    {"fact": "posts_1h", "at_least": 40},
                    {"fact": "posts_1h", "at_least": 50},
                ]
            },
            {"fact": "reach_1h", "above": 1000},
        ]
    }
    (rule,) = found(ruled(library, branches), {"posts_1h": 30, "reach_1h": 10}).rules
    assert [missing.clause for missing in rule.gaps] == ["posts_1h ≥ 40", "posts_1h ≥ 50"]
    assert rule.reached == 0.6


def test_of_branches_as_near_the_shorter_counts(library: Library) -> None:
    single = {"fact": "posts_1h", "at_least": 40}
    both = {"all": [single, {"fact": "posts_10m", "at_least": 4}]}
    (rule,) = found(ruled(library, {"any": [both, single]}), {"posts_1h": 20, "posts_10m": 2}).rules
    assert [missing.clause for missing in rule.gaps] == ["posts_1h ≥ 40"]


def test_a_comparison_that_stands_twice_is_said_once(library: Library) -> None:
    single = {"fact": "posts_1h", "at_least": 40}
    (rule,) = found(ruled(library, {"all": [single, single]}), {"posts_1h": 20}).rules
    assert len(rule.gaps) == 1


def test_under_not_the_comparison_is_turned_round(library: Library) -> None:
    either = {
        "not": {"any": [{"fact": "posts_1h", "above": 10}, {"fact": "posts_10m", "below": 5}]}
    }
    (rule,) = found(ruled(library, either), {"posts_1h": 40, "posts_10m": 1}).rules
    assert [missing.clause for missing in rule.gaps] == ["posts_1h ≤ 10", "posts_10m ≥ 5"]
    assert [missing.reached for missing in rule.gaps] == [0.25, 0.2]
    (rule,) = found(ruled(library, either), {"posts_1h": 1, "posts_10m": 1}).rules
    assert [missing.clause for missing in rule.gaps] == ["posts_10m ≥ 5"]


def test_what_is_unknown_has_gone_none_of_the_way(library: Library) -> None:
    (rule,) = found(ruled(library, {"fact": "authors_1h", "at_least": 3}), {}).rules
    assert (rule.gaps[0].value, rule.reached) == (None, 0.0)
    assert rule.gaps[0].said().zh == "authors_1h 达到 3（现未知）"
    assert rule.gaps[0].said().en == "authors_1h reaches 3 (now unknown)"


@pytest.mark.parametrize(
    ("asked", "reached", "zh"),
    [
        (gap(Operator.AT_LEAST, 80, 40), 0.5, "negative_1h 达到 80（现 40）"),
        (gap(Operator.ABOVE, 80, 80), 1.0, "negative_1h 超过 80（现 80）"),
        (gap(Operator.ABOVE, 0, 0), 0.0, "negative_1h 超过 0（现 0）"),
        (gap(Operator.AT_MOST, 10, 40), 0.25, "negative_1h 降到不超过 10（现 40）"),
        (gap(Operator.BELOW, 10, 40), 0.25, "negative_1h 降到低于 10（现 40）"),
        (gap(Operator.EQUALS, 10, 40), 0.25, "negative_1h 等于 10（现 40）"),
        (gap(Operator.EQUALS, 10, 5), 0.5, "negative_1h 等于 10（现 5）"),
        (gap(Operator.IS, True, False), 0.0, "has_brand 为 true（现 false）"),
        (gap(Operator.EQUALS, 10, 10, no=True), 0.0, "negative_1h 不等于 10（现 10）"),
        (gap(Operator.IS, True, True, no=True), 0.0, "has_brand 不为 true（现 true）"),
        (gap(Operator.AT_LEAST, 10, 40, no=True), 0.25, "negative_1h 降到低于 10（现 40）"),
        (gap(Operator.AT_MOST, 80, 40, no=True), 0.5, "negative_1h 超过 80（现 40）"),
    ],
)
def test_how_far_a_comparison_is_and_how_it_is_said(asked: Gap, reached: float, zh: str) -> None:
    assert asked.reached == reached
    assert asked.said().zh == zh


NAMES = ("posts_1h", "posts_10m", "negative_1h")
NUMBERS = st.integers(0, 6)
LEAVES = st.builds(
    lambda fact, operator, threshold: {"fact": fact, operator: threshold},
    st.sampled_from(NAMES),
    st.sampled_from(["at_least", "at_most", "above", "below", "equals"]),
    NUMBERS,
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.builds(lambda part: {"not": part}, parts),
        st.builds(lambda each: {"all": each}, st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda each: {"any": each}, st.lists(parts, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)
VALUES = st.dictionaries(st.sampled_from(NAMES), NUMBERS)


@given(condition=CONDITIONS, values=VALUES)
def test_a_rule_that_does_not_hold_always_says_what_is_missing(
    library: Library, condition: Any, values: dict[str, FactValue]
) -> None:
    facts = Facts(values)
    following = next_tier(ruled(library, condition), QUALITY, facts, above="yellow")
    if outcome_of(Condition.model_validate(condition), facts).value == "held":
        assert following is None
        return
    assert following is not None
    (rule,) = following.rules
    assert rule.gaps
    assert 0.0 <= rule.reached <= 1.0
    # none of what is said to be missing is there already
    for missing in rule.gaps:
        leaf = Condition.model_validate(
            {
                "fact": missing.comparison.fact,
                missing.comparison.operator: missing.comparison.threshold,
            }
        )
        outcome = outcome_of(leaf, facts).value
        assert outcome != ("failed" if missing.negated else "held")


@pytest.mark.parametrize(
    ("value", "said"),
    [(4321.6, "4322"), (99.96, "100"), (0.1234, "0.123"), (43.0, "43"), (12_345_678.9, "12345679")],
)
def test_no_figure_is_said_with_an_exponent(value: float, said: str) -> None:
    assert gap(Operator.AT_LEAST, 1e9, value).said().zh.endswith(f"（现 {said}）")


def test_a_monitor_does_not_grow_younger(library: Library) -> None:
    """Of two ways in, the one that time has closed is never called the nearer."""
    young = {"fact": "history_h", "below": 72}
    loud = {"fact": "negative_times_usual_24h", "at_least": 2}
    following = found(
        ruled(library, {"any": [young, loud]}),
        {"history_h": 80, "negative_times_usual_24h": 0.2},
    )
    (rule,) = following.rules
    assert [missing.clause for missing in rule.gaps] == ["negative_times_usual_24h ≥ 2"]
