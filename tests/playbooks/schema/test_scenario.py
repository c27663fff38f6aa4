from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from playbooks import Library
from playbooks.schema import Scenario


def test_a_scenario_with_everything_around_it(library: Library) -> None:
    scenario = library.scenarios["product_quality"]
    assert scenario.notices[0].within == timedelta(hours=24)
    assert scenario.monitor_afterwards[0].for_ == timedelta(days=7)
    assert scenario.never_say[0].why.zh == "激怒用户"
    assert scenario.legal_basis[0].article is None


def test_only_the_twelve_and_unclassified_are_scenarios() -> None:
    with pytest.raises(ValidationError, match="'fire' is not a scenario"):
        Scenario.model_validate(
            {"id": "fire", "name": {"zh": "火"}, "recognise": {"zh": "火"}, "playbook": "fire"}
        )
