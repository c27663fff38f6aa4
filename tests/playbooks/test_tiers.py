from __future__ import annotations

import pytest

from playbooks import (
    Kind,
    Library,
    Match,
    Reason,
    TierChange,
    UnknownContent,
    assess,
    at_least,
    rank,
)
from playbooks.schema import TierTable

NATIONAL = TierTable.model_validate(
    {
        "id": "national",
        "tiers": [
            {"id": name, "name": {"zh": name}, "colour": "#123456"}
            for name in ("blue", "yellow", "orange", "red")
        ],
        "downgrade_by_person_from": "orange",
    }
)


def match(tier: str, rule_id: str = "r", clause: str = "c") -> Match:
    reason = Reason(clause=clause, value=2, threshold=1)
    return Match(rule_id=rule_id, kind=Kind.CRISIS, scenario=None, tier=tier, reasons=(reason,))


def test_rank_and_order(library: Library) -> None:
    assert [rank(library.tiers, tier) for tier in library.tiers.ids] == [1, 2, 3]
    assert at_least(library.tiers, "orange", "orange")
    assert not at_least(library.tiers, "yellow", "orange")


def test_an_unknown_tier_is_named(library: Library) -> None:
    with pytest.raises(UnknownContent, match="no tier is called 'pink'"):
        rank(library.tiers, "pink")


def test_nothing_without_a_match() -> None:
    decision = assess(NATIONAL, (), None)
    assert (decision.tier, decision.change) == (None, TierChange.NOTHING)


def test_the_highest_tier_opens_with_its_reasons() -> None:
    matches = [match("yellow", "a", "x"), match("red", "b", "y"), match("red", "c", "y")]
    decision = assess(NATIONAL, matches, None)
    assert (decision.tier, decision.change, decision.rules) == (
        "red",
        TierChange.OPENED,
        ("b", "c"),
    )
    assert [reason.clause for reason in decision.reasons] == ["y"]


@pytest.mark.parametrize(
    ("asked", "previous", "quiet", "change", "suggested"),
    [
        ("red", "yellow", False, TierChange.RAISED, None),
        ("yellow", "yellow", False, TierChange.KEPT, None),
        ("blue", "yellow", False, TierChange.KEPT, None),
        (None, "yellow", False, TierChange.KEPT, None),
        (None, "yellow", True, TierChange.LOWERED_SUGGESTED, "blue"),
        ("blue", "yellow", True, TierChange.LOWERED_SUGGESTED, "blue"),
        (None, "blue", True, TierChange.KEPT, None),
        (None, "orange", True, TierChange.KEPT, None),
        ("blue", "red", True, TierChange.KEPT, None),
        ("red", "yellow", True, TierChange.RAISED, None),
    ],
)
def test_changes(
    asked: str | None, previous: str, quiet: bool, change: TierChange, suggested: str | None
) -> None:
    decision = assess(NATIONAL, [match(asked)] if asked else [], previous, quiet=quiet)
    assert (decision.change, decision.suggested) == (change, suggested)
    assert decision.tier == (asked if change is TierChange.RAISED else previous)
