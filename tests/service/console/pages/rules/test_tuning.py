"""The overlay that comes of a form of bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from playbooks import Rule, document_of, lay_rules
from service.console.pages.rules.tuning import (
    Tuning,
    bounds_of,
    candidate_of,
    overlay_of,
)
from service.rules import Overlay, RuleRecord, RuleState
from tests.support.incident_scene import shipped_library

RULE = "slow_burn"
AT = datetime(2026, 3, 1, tzinfo=UTC)


def record(data: dict[str, Any] | None = None) -> RuleRecord:
    """The shipped rule with that overlay over it."""
    library = shipped_library()
    overlay = None
    rule: Rule = library.rules[RULE]
    if data is not None:
        whole = {"id": RULE, **data}
        overlay = Overlay(
            id=RULE, data=whole, author="lin", created_at=AT, updated_at=AT, version=1
        )
        rule = lay_rules(library, [document_of(whole, place="rules/x")]).rules[RULE]
    return RuleRecord(id=RULE, rule=rule, shipped=library.rules[RULE], overlay=overlay)


def tuning(found: RuleRecord, **changes: Any) -> Tuning:
    """The form as it stands, with other bounds by place, tier or state."""
    bounds = {item.path: item.value for item in bounds_of(found)}
    tier = changes.pop("tier", "" if found.rule is None else found.rule.tier)
    state = changes.pop("state", found.state)
    return Tuning(bounds=bounds | changes, tier=tier, state=state)


def test_a_form_that_nobody_touched_is_the_rule_as_it_ships() -> None:
    found = record()
    assert overlay_of(found, tuning(found)) == {"id": RULE}


def test_a_bound_that_moved_is_named_by_its_clause() -> None:
    found = record()
    first = bounds_of(found)[0]
    data = overlay_of(found, tuning(found, bound0=float(first.shipped) + 5))
    assert data == {"id": RULE, "thresholds": {first.clause: int(float(first.shipped)) + 5}}


def test_what_the_overlay_says_besides_stays_in_it() -> None:
    found = record({"cool_down": "2h", "tier": "red"})
    data = overlay_of(found, tuning(found, state=RuleState.SHADOW))
    assert data == {
        "id": RULE,
        "cool_down": "2h",
        "tier": "red",
        "enabled": True,
        "mode": "shadow",
    }


def test_back_to_the_shipped_bound_takes_it_out_of_the_overlay() -> None:
    shipped = bounds_of(record())[0]
    found = record({"thresholds": {shipped.clause: 99}})
    assert bounds_of(found)[0].value == 99
    assert overlay_of(found, tuning(found, bound0=shipped.shipped)) == {"id": RULE}


def test_a_condition_of_its_own_is_written_out_again() -> None:
    found = record({"when": {"all": [{"fact": "negative_24h", "at_least": 9}]}})
    assert overlay_of(found, tuning(found))["when"] == {
        "all": [{"fact": "negative_24h", "at_least": 9.0}]
    }
    data = overlay_of(found, tuning(found, bound0=12.0))
    assert data["when"] == {"all": [{"fact": "negative_24h", "at_least": 12}]}
    assert "thresholds" not in data


@pytest.mark.parametrize(
    ("state", "mode"), [(RuleState.SHADOW, "live"), (RuleState.LIVE, None), (RuleState.OFF, None)]
)
def test_a_back_test_plays_a_shadow_rule_as_if_it_were_live(
    state: RuleState, mode: str | None
) -> None:
    found = record()
    assert candidate_of(found, tuning(found, state=state)).get("mode") == mode


def test_a_rule_switched_off_says_so_alone() -> None:
    found = record()
    assert overlay_of(found, tuning(found, state=RuleState.OFF)) == {"id": RULE, "enabled": False}
