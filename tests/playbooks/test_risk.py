"""The risk score: a sum that shows what it is made of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks import load_library
from playbooks.facts import FACTS, Facts
from playbooks.risk import assess_risk
from playbooks.schema import RiskTable

LINEAR = {"fact": "negative_share_1h", "none": 0.2, "full": 0.7}
LOG = {"fact": "negative_1h", "none": 1, "full": 100, "scale": "log"}


def table(*measures: dict[str, Any], weight: float = 100) -> RiskTable:
    part = {"id": "mood", "name": {"zh": "情绪", "en": "Mood"}, "weight": weight}
    return RiskTable.model_validate({"id": "risk", "parts": [part | {"of": list(measures)}]})


def shipped() -> RiskTable:
    risk = load_library().risk
    assert risk is not None
    return risk


@pytest.mark.parametrize(
    ("measure", "value", "score"),
    [
        (LINEAR, 0.0, 0),
        (LINEAR, 0.2, 0),
        (LINEAR, 0.45, 50),
        (LINEAR, 1.0, 100),
        (LOG, 0, 0),
        (LOG, 1, 0),
        (LOG, 10, 50),
        (LOG, 5_000, 100),
    ],
)
def test_a_value_counts_by_how_far_it_has_come(
    measure: dict[str, Any], value: float, score: float
) -> None:
    assert assess_risk(table(measure), Facts({measure["fact"]: value})).score == score


def test_the_furthest_measure_of_a_part_gives_its_points() -> None:
    facts = Facts({"negative_share_1h": 0.3, "negative_1h": 10})
    (part,) = assess_risk(table(LINEAR, LOG), facts).parts
    assert (part.fact, part.value, part.points) == ("negative_1h", 10, 50)


def test_what_is_known_goes_before_what_is_not() -> None:
    (part,) = assess_risk(table(LINEAR, LOG), Facts({"negative_1h": 1})).parts
    assert (part.fact, part.value, part.points) == ("negative_1h", 1, 0)


def test_nothing_known_is_no_risk_and_says_so() -> None:
    (part,) = assess_risk(table(LINEAR), Facts()).parts
    assert (part.fact, part.value, part.points) == ("negative_share_1h", None, 0)


WEIGHED = {measure.fact for part in shipped().parts for measure in part.of}
NUMBERS = sorted(name for name in WEIGHED if FACTS[name].high is None)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(NUMBERS), st.none() | st.floats(0, 1e9)))
def test_the_parts_sum_to_a_score_within_a_hundred(values: dict[str, float | None]) -> None:
    risk = assess_risk(shipped(), Facts(values))
    assert 0 <= risk.score <= 100
    assert risk.score == pytest.approx(sum(part.points for part in risk.parts))
    assert all(0 <= part.points <= part.weight for part in risk.parts)


def test_a_calm_hour_is_low_and_a_burning_one_is_high() -> None:
    calm = load_library().cases["calm_day_of_service"]
    burning = load_library().cases["crisis_after_an_hour"]
    scores = [assess_risk(shipped(), Facts(dict(case.facts))).score for case in (calm, burning)]
    assert scores[0] < 35
    assert scores[1] > 55
