"""What is proposed, written down so that applying it gives what was played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from playbooks import Document, Library, document_of, load_library, with_thresholds
from service.backtest.budget import multiplied
from service.backtest.proposed import entries_of
from service.rules import Overlay, RulesInForce, rules_in_force
from tests.service.backtest.cases import START, rule

SHIPPED = load_library()
YELLOW = "negative_burst_yellow"


def in_force(*written: Mapping[str, Any]) -> RulesInForce:
    return rules_in_force(
        SHIPPED,
        [
            Overlay(
                id=data["id"],
                data=data,
                author="usr_1",
                created_at=START,
                updated_at=START + timedelta(days=1),
                version=1,
            )
            for data in written
        ],
    )


def raised(library: Library, chosen: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """The conditions as the tape judged them."""
    return {
        name: with_thresholds(library.rules[name].when, bounds)[0]
        for name, bounds in chosen.items()
    }


CASES: list[tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]] = [
    ([], []),
    ([{"id": YELLOW, "thresholds": {"negative_1h": 30}}], []),
    ([{"id": YELLOW, "tier": "orange"}], []),
    ([], [{"id": YELLOW, "thresholds": {"negative_1h": 30}, "tier": "orange"}]),
    ([{"id": YELLOW, "thresholds": {"negative_1h": 30}}], [{"id": YELLOW, "tier": "orange"}]),
    ([rule("mine", "red", 9)], [{"id": "slow_burn", "enabled": False}]),
    ([], [rule("mine", "red", 9), {"id": "slow_burn", "tier": "red"}]),
]


@pytest.mark.parametrize(("written", "tried"), CASES)
def test_what_is_applied_is_what_was_played(
    written: Sequence[Mapping[str, Any]], tried: Sequence[Mapping[str, Any]]
) -> None:
    rules = in_force(*written)
    candidate = [document_of(dict(entry), place="candidate") for entry in tried]
    library = rules.replacing(candidate)
    chosen = {
        name: multiplied(library.rules[name], 1.5)
        for name in (YELLOW, "mine")
        if name in library.rules
    }
    entries = entries_of(chosen, candidate, library=library, rules=rules)
    applied = rules.replacing(documents(entries))

    expected = {
        name: item.model_copy(update={"when": applied.rules[name].when})
        for name, item in library.rules.items()
    }
    assert dict(applied.rules) == expected
    again = raised(library, chosen)
    for name, item in applied.rules.items():
        asked = again.get(name)
        when = library.rules[name].when if asked is None else type(item.when).model_validate(asked)
        assert item.when == when


def documents(entries: Sequence[Mapping[str, Any]]) -> list[Document]:
    return [document_of(dict(entry), place="file") for entry in entries]


def test_a_shipped_rule_gets_bounds_and_nothing_else() -> None:
    chosen = {YELLOW: {"negative_1h ≥ 10": 15.0}}

    assert entries_of(chosen, [], library=SHIPPED, rules=in_force()) == (
        {"id": YELLOW, "thresholds": {"negative_1h ≥ 10": 15.0}},
    )
