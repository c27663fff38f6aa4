"""A rule that has matched lets go only well below its bounds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from playbooks import Library, Rule, Scope, load_library
from playbooks.facts import Facts, FactValue
from playbooks.release import still_on

SCOPE = Scope(scenario="outage", has_brand=True)
BURST = {"fact": "negative_1h", "at_least": 20}


def rules(when: dict[str, Any], **more: Any) -> Library:
    given = {"id": "loud", "name": {"zh": "响", "en": "Loud"}, "kind": "crisis", "tier": "yellow"}
    told = {"scenarios": "any", "why": {"zh": "响"}, "when": when, "release": 0.5}
    return replace(load_library(), rules={"loud": Rule.model_validate(given | told | more)})


def on(library: Library, **facts: FactValue) -> bool:
    return still_on(library, SCOPE, Facts(facts)) == {"loud"}


@pytest.mark.parametrize(
    ("when", "fact", "last", "gone"),
    [
        (BURST, "negative_1h", 10, 9),
        ({"fact": "negative_1h", "above": 20}, "negative_1h", 11, 10),
        ({"fact": "distinct_1h", "at_most": 20}, "distinct_1h", 40, 41),
        ({"fact": "distinct_1h", "below": 20}, "distinct_1h", 39, 40),
        ({"fact": "severity_max_1h", "equals": 5}, "severity_max_1h", 5, 4),
        ({"fact": "contained", "is": False}, "contained", False, True),
        ({"not": {"fact": "negative_1h", "below": 20}}, "negative_1h", 20, 19),
    ],
)
def test_it_holds_on_at_its_share_of_each_bound(
    when: dict[str, Any], fact: str, last: FactValue, gone: FactValue
) -> None:
    assert on(rules(when), **{fact: last})
    assert not on(rules(when), **{fact: gone})


def test_what_it_asks_of_a_whole_day_counts_as_met() -> None:
    library = rules({"all": [BURST, {"fact": "injury_posts_24h", "at_least": 3}]})
    assert on(library, negative_1h=12, injury_posts_24h=0)
    assert not on(library, negative_1h=3, injury_posts_24h=9)


def test_of_several_ways_in_one_is_enough_to_stay() -> None:
    library = rules({"any": [BURST, {"fact": "angry_1h", "at_least": 10}]})
    assert on(library, negative_1h=0, angry_1h=5)
    assert not on(library, negative_1h=9, angry_1h=4)


def test_what_is_unknown_lets_go() -> None:
    assert not on(rules(BURST), negative_1h=None)


def test_without_a_release_the_baseline_alone_says_when_it_is_calm() -> None:
    assert not on(rules(BURST, release=None), negative_1h=50)


@pytest.mark.parametrize(
    "more", [{"enabled": False}, {"mode": "shadow"}, {"scenarios": ["safety_incident"]}]
)
def test_a_rule_that_does_not_read_the_segment_holds_nothing_on(more: dict[str, Any]) -> None:
    assert not on(rules(BURST, **more), negative_1h=50)
