"""The national four-level table as an alternative: every playbook works with it."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from playbooks import Anchors, Kind, Library, Severity, lint, load_library, plan
from playbooks.case_runs import run_case
from playbooks.schema import SCENARIOS, UNCLASSIFIED

NATIONAL = Path(str(files("playbooks") / "content" / "alternatives" / "national"))
OPENED = datetime(2026, 2, 13, 6, tzinfo=UTC)
PLANS = [
    *((Kind.CRISIS, scenario) for scenario in (*SCENARIOS, UNCLASSIFIED)),
    *((kind, None) for kind in Kind if kind is not Kind.CRISIS),
]


@functools.cache
def national() -> Library:
    return load_library(overlays=[NATIONAL])


def dues(kind: Kind, scenario: str | None, tier: str) -> dict[str, datetime | None]:
    playbook = national().playbook_for(scenario, kind)
    anchors = Anchors.at_opening(tier=tier, opened=OPENED)
    return {step.id: step.due_at for step in plan(playbook, anchors)}


@pytest.mark.parametrize(("kind", "scenario"), PLANS)
def test_every_tier_plans_and_none_is_later_than_the_one_below(
    kind: Kind, scenario: str | None
) -> None:
    assert national().tiers.ids == ("blue", "yellow", "orange", "red")
    plans = [dues(kind, scenario, tier) for tier in national().tiers.ids]
    assert plans[0] == plans[1]  # blue follows yellow, office hours included
    for lower, higher in pairwise(plans):
        assert lower.keys() <= higher.keys()
        for step, due in lower.items():
            later = higher[step]
            assert (due is None) is (later is None)
            assert due is None or later is None or later <= due


def test_the_lint_has_nothing_against_it() -> None:
    assert [str(issue) for issue in lint(national()) if issue.severity is Severity.ERROR] == []


def test_the_cases_of_three_tiers_hold_with_four() -> None:
    plans = [case for case in national().cases.values() if case.plan is not None]
    failures = [failure for case in plans for failure in run_case(national(), case)]
    assert plans
    assert [str(failure) for failure in failures] == []


def test_instructions_of_blue_are_those_of_yellow() -> None:
    step = national().playbook("pricing_refunds").by_id()["remedy_decided"]
    assert step.instructions("blue") == step.instructions("yellow") != step.instructions("red")
