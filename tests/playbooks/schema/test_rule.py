from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from playbooks.schema import Rule


def rule(scenarios: Any) -> Rule:
    return Rule.model_validate(
        {
            "id": "r",
            "name": {"zh": "名"},
            "kind": "crisis",
            "scenarios": scenarios,
            "tier": "red",
            "when": {"fact": "posts_1h", "above": 1},
            "why": {"zh": "因"},
        }
    )


@pytest.mark.parametrize(
    ("scenarios", "scenario", "reads"),
    [
        ("any", "outage", True),
        ("any", None, False),
        ("unclassified", None, True),
        ("unclassified", "outage", False),
        (["outage"], "outage", True),
        (["outage"], "misconduct", False),
        (["outage"], None, False),
    ],
)
def test_which_segments_it_reads(scenarios: Any, scenario: str | None, reads: bool) -> None:
    assert rule(scenarios).reads(scenario) is reads


@pytest.mark.parametrize(
    ("scenarios", "message"),
    [
        ("outage", "must be a list of scenarios, `any` or `unclassified`"),
        (["fire"], "'fire' is not a scenario"),
        ([], "at least 1 item"),
        (3, "valid"),
    ],
)
def test_odd_scenarios_are_refused(scenarios: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        rule(scenarios)
