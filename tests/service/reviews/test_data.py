"""Cause classes and point rules that ship, and files that are refused."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from service.reviews import PointReason, load_cause_classes, load_point_rules
from service.reviews.causes import CauseClasses
from service.reviews.points import PointRules


def test_classes_are_named_in_both_languages() -> None:
    shipped = load_cause_classes()
    assert "inspection" in shipped.ids
    assert all(item.zh and item.en for item in shipped.causes)


def test_a_class_is_not_defined_twice() -> None:
    same = {"id": "fate", "zh": "天意", "en": "Fate"}
    with pytest.raises(ValidationError, match="defined twice"):
        CauseClasses.model_validate({"version": "1", "causes": [same, same]})


def test_what_is_well_done_wins_and_what_is_not_loses() -> None:
    points = load_point_rules().points
    won = {reason for reason, number in points.items() if number > 0}
    assert won == {PointReason.ON_TIME_PROPOSAL, PointReason.VERIFIED_IMPROVEMENT}


@pytest.mark.parametrize("points", [{}, {"recurrence": -5, "redemption": 5}])
def test_rules_are_complete(points: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match="points for each of"):
        PointRules.model_validate({"version": "1", "points": points})
