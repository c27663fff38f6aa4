from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from playbooks import Library
from playbooks.schema import NotThis, Scenario


def test_a_scenario_with_everything_around_it(library: Library) -> None:
    scenario = library.scenarios["product_quality"]
    assert scenario.notices[0].within == timedelta(hours=24)
    assert scenario.monitor_afterwards[0].for_ == timedelta(days=7)
    assert scenario.never_say[0].why.zh == "激怒用户"
    assert scenario.legal_basis[0].article is None
    assert scenario.takes[0].matter == "fakes_in_groups"
    assert scenario.checks[0].zh == "批次号核对过了吗"


def test_what_is_not_this_scenario_goes_to_one_that_exists(library: Library) -> None:
    (other,) = library.scenarios["product_quality"].not_this
    assert other.goes_to == "unclassified"
    with pytest.raises(ValidationError, match="'fire' is not a scenario"):
        NotThis.model_validate({"zh": "起火了", "goes_to": "fire"})


def test_only_the_twelve_and_unclassified_are_scenarios() -> None:
    with pytest.raises(ValidationError, match="'fire' is not a scenario"):
        Scenario.model_validate(
            {"id": "fire", "name": {"zh": "火"}, "recognise": {"zh": "火"}, "playbook": "fire"}
        )
