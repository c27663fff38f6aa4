from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.expression import explain
from playbooks.facts import Facts
from playbooks.reachability import contradictions
from playbooks.schema import Condition

LOW = {"fact": "posts_1h", "below": 5}
HIGH = {"fact": "posts_1h", "at_least": 5}


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        ({"all": [LOW, HIGH]}, 1),
        ({"all": [LOW, {"all": [HIGH]}]}, 1),
        ({"all": [{"fact": "posts_1h", "at_most": 5}, HIGH]}, 0),
        ({"all": [{"fact": "posts_1h", "at_most": 5}, {"fact": "posts_1h", "above": 5}]}, 1),
        ({"all": [{"fact": "posts_1h", "equals": 4}, HIGH]}, 1),
        ({"all": [{"fact": "has_brand", "is": True}, {"fact": "has_brand", "is": False}]}, 1),
        ({"fact": "negative_share_1h", "above": 1}, 1),
        ({"fact": "negative_share_1h", "at_least": 1}, 0),
        ({"fact": "severity_max_1h", "at_least": 6}, 1),
        ({"fact": "posts_1h", "below": 0}, 1),
        ({"any": [LOW, HIGH]}, 0),
        ({"any": [{"all": [LOW, HIGH]}, HIGH]}, 0),
        ({"any": [{"all": [LOW, HIGH]}, {"fact": "severity_max_1h", "above": 5}]}, 2),
        ({"not": {"all": [LOW, HIGH]}}, 0),
        ({"all": [LOW, HIGH, {"fact": "posts_1h", "above": 7}]}, 1),
    ],
)
def test_contradictions(data: dict[str, Any], messages: int) -> None:
    assert len(contradictions(Condition.model_validate(data))) == messages


bounds = st.builds(
    lambda operator, threshold: {"fact": "severity_max_1h", operator: threshold},
    st.sampled_from(["at_least", "at_most", "above", "below", "equals"]),
    st.integers(-1, 6),
)


@given(st.lists(bounds, min_size=1, max_size=4))
def test_a_conjunction_is_called_unreachable_exactly_when_no_value_meets_it(
    parts: list[dict[str, Any]],
) -> None:
    condition = Condition.model_validate({"all": parts})
    halves = (Facts({"severity_max_1h": value / 2}) for value in range(11))
    reachable = any(explain(condition, facts).held for facts in halves)
    assert (contradictions(condition) == ()) is reachable
