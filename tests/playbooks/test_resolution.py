"""Every reference that leads nowhere is told, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import Library
from tests.playbooks.sample import replaced
from tests.playbooks.test_loader import errors_of

LADDER = "ladders/standard.yaml"
PLAYBOOK = "playbooks/product_quality.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (
            "scenarios/product_quality.yaml",
            "playbook: product_quality",
            "playbook: x",
            "4:11: there is no playbooks/x",
        ),
        (
            "scenarios/product_quality.yaml",
            "[product_quality.holding]",
            "[x]",
            "9:13: there is no templates/x",
        ),
        ("rules/burst.yaml", "tier: orange", "tier: x", "5:7: 'x' is none of yellow, orange, red"),
        ("rules/flood.yaml", "[burst]", "[x]", "5:16: there is no rules/x"),
        (
            LADDER,
            "due: {all: 2h}",
            "due: {x: 2h}",
            "34:14: 'x' is none of yellow, orange, red, all",
        ),
        (LADDER, "red: {zh: 先电话}", "x: {zh: 先电话}", "24:30: 'x' is none of"),
        (LADDER, "- id: review\n", "- id: close\n", "48:9: step 'close' stands here twice"),
        (
            PLAYBOOK,
            "template: product_quality.holding",
            "template: x",
            "9:15: there is no templates/x",
        ),
        (PLAYBOOK, "scenario: product_quality", "scenario: x", "3:11: 'x' is none of"),
        (PLAYBOOK, "[standard]", "[standard, x]", "5:21: there is no ladders/x"),
        (PLAYBOOK, "needs: [assess]", "needs: [x]", "16:12: playbook has no step 'x'"),
        (PLAYBOOK, "anchor: first_post", "anchor: step:x", "14:13: playbook has no step 'x'"),
        ("cases/burst.yaml", "[burst]", "[x]", "4:18: there is no rules/x"),
        ("cases/burst.yaml", "tier: orange", "tier: x", "4:32: 'x' is none of"),
        ("cases/plan.yaml", "tier: yellow", "tier: x", "2:41: 'x' is none of"),
        ("cases/plan.yaml", "product_quality", "outage", "2:18: there is no scenarios/outage"),
        (
            "cases/plan.yaml",
            "scenario: product_quality",
            "kind: backlog",
            "2:14: there is no playbooks/backlog",
        ),
    ],
)
def test_dead_references(tmp_path: Path, name: str, old: str, new: str, problem: str) -> None:
    found = errors_of(tmp_path, replaced(name, old, new))
    assert found[0].startswith(f"{name}:{problem}"), found


def test_steps_that_wait_for_each_other(tmp_path: Path) -> None:
    changes = replaced(LADDER, "due: {orange: 1h, red: 30m}", "due: {all: 1h}\n    needs: [assess]")
    assert errors_of(tmp_path, changes) == [
        f"{LADDER}:22:12: step 'team' waits for itself through its needs",
        f"{LADDER}:29:12: step 'assess' waits for itself through its needs",
    ]


def test_a_step_anchored_on_itself(tmp_path: Path) -> None:
    changes = replaced(PLAYBOOK, "anchor: first_post", "anchor: step:sample")
    assert errors_of(tmp_path, changes) == [
        f"{PLAYBOOK}:14:13: step 'sample' waits for itself through its anchor"
    ]


def test_a_playbook_has_the_tiers_it_was_read_with(library: Library) -> None:
    assert library.playbooks["coverage"].tiers == ("yellow", "orange", "red")
