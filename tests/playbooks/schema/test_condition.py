from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from playbooks.schema import Comparison, Condition, Operator


def test_a_comparison() -> None:
    condition = Condition.model_validate({"fact": "posts_1h", "at_least": 3})
    assert condition.comparison == Comparison("posts_1h", Operator.AT_LEAST, 3)


def test_a_threshold_of_zero_or_false_counts() -> None:
    assert Condition.model_validate({"fact": "posts_1h", "above": 0}).comparison
    is_false = Condition.model_validate({"fact": "has_brand", "is": False})
    assert is_false.comparison == Comparison("has_brand", Operator.IS, False)


def test_a_tree_has_no_comparison() -> None:
    tree = {"not": {"all": [{"any": [{"fact": "posts_1h", "equals": 1}]}]}}
    assert Condition.model_validate(tree).comparison is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "exactly one of: all, any, not, or a fact"),
        ({"fact": None}, "exactly one of: all, any, not, or a fact"),
        (
            {"fact": "posts_1h", "above": 1, "all": [{"fact": "posts_1h", "above": 1}]},
            "exactly one",
        ),
        ({"all": []}, "at least 1 item"),
        ({"at_least": 3}, "exactly one of"),
        ({"not": {"fact": "posts_1h", "above": 1}, "below": 3}, "`below` compares nothing"),
        ({"fact": "posts_1h"}, "compare posts_1h in exactly one way"),
        ({"fact": "posts_1h", "above": 1, "below": 3}, "compare posts_1h in exactly one way"),
        ({"fact": "has_brand", "above": 1}, "has_brand is compared with `is`"),
        ({"fact": "posts_1h", "is": True}, "posts_1h is compared with a number"),
        ({"fact": "posts_1h", "above": "3"}, "valid number"),
        ({"fact": "posts_1h", "above": True}, "valid number"),
        ({"fact": "posts_1h", "above": float("nan")}, "finite"),
        ({"fact": "post_1h", "above": 1}, "no fact 'post_1h'"),
    ],
)
def test_what_is_no_condition(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Condition.model_validate(data)
