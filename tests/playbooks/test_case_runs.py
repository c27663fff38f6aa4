from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import Library, load_library, run_cases
from tests.playbooks.sample import replaced, write_content


def test_the_sample_holds(library: Library) -> None:
    assert run_cases(library) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "failure"),
    [
        (
            "cases/burst.yaml",
            "negative_1h: 20",
            "negative_1h: 19",
            [
                "case burst: expected rules ['burst'], got []",
                "case burst: expected tier orange, got None",
            ],
        ),
        ("cases/burst.yaml", ", tier: orange", "", ["case burst: expected tier None, got orange"]),
        (
            "cases/plan.yaml",
            "00:30:00Z",
            "00:31:00Z",
            [
                "case plan: expected acknowledge due 2026-01-01 00:31:00+00:00, "
                "got 2026-01-01 00:30:00+00:00"
            ],
        ),
        (
            "cases/plan.yaml",
            "close: null",
            "clos: null",
            ["case plan: expected a step clos, got none"],
        ),
        (
            "cases/plan.yaml",
            "[team]",
            "[debrief]",
            ["case plan: expected no step debrief, got due None"],
        ),
    ],
)
def test_failures_are_told(
    tmp_path: Path, name: str, old: str, new: str, failure: list[str]
) -> None:
    library = load_library(write_content(tmp_path, replaced(name, old, new)))
    assert [str(found) for found in run_cases(library)] == failure


def test_a_kind_without_scenarios_is_planned_by_its_own_playbook(tmp_path: Path) -> None:
    plan = """\
id: plan
plan: {kind: coverage, tier: yellow, opened_at: 2026-01-01T00:00:00Z}
expect:
  steps: {look: 2026-01-01T01:00:00Z}
  absent: [acknowledge]
"""
    library = load_library(write_content(tmp_path, {"cases/plan.yaml": plan}))
    assert run_cases(library) == ()
