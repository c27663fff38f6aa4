from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from playbooks.schema import Case

SCOPE = {"scenario": "outage"}
PLAN = {"scenario": "outage", "tier": "red", "opened_at": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"expect": {}}, "either `rule_scope` with `facts`, or `plan`"),
        ({"rule_scope": SCOPE, "plan": PLAN, "expect": {}}, "either"),
        ({"rule_scope": SCOPE, "expect": {}}, "which rules must match"),
        ({"plan": PLAN, "expect": {}}, "when steps are due"),
        ({"rule_scope": SCOPE, "facts": {"x": 1}, "expect": {"rules": []}}, "no fact 'x'"),
        (
            {"rule_scope": SCOPE, "facts": {"posts_1h": True}, "expect": {"rules": []}},
            "takes a number",
        ),
        (
            {"plan": PLAN | {"opened_at": "2026-01-01T00:00:00"}, "expect": {"absent": ["a"]}},
            "timezone",
        ),
        (
            {"plan": PLAN | {"kind": "backlog"}, "expect": {"absent": ["a"]}},
            "another `kind` without one",
        ),
        (
            {"plan": {"tier": "red", "opened_at": PLAN["opened_at"]}, "expect": {"absent": ["a"]}},
            "a crisis is planned with its `scenario`",
        ),
    ],
)
def test_what_is_no_case(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Case.model_validate({"id": "c"} | data)


def test_facts_keep_their_kinds() -> None:
    case = Case.model_validate(
        {
            "id": "c",
            "rule_scope": SCOPE,
            "facts": {"posts_1h": 1, "has_brand": True, "expected_1h": None},
            "expect": {"rules": []},
        }
    )
    assert case.facts == {"posts_1h": 1.0, "has_brand": True, "expected_1h": None}
    assert case.facts["has_brand"] is True
