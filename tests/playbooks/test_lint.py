from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import Library, lint, load_library
from tests.playbooks.sample import FILES, replaced, write_content

LADDER = "ladders/standard.yaml"
QUALITY = "playbooks/product_quality.yaml step"


def test_the_sample_is_clean(library: Library) -> None:
    assert lint(library) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "issue"),
    [
        (
            "rules/flood.yaml",
            "{fact: posts_1h, above: 100}",
            "{all: [{fact: posts_1h, above: 100}, {fact: posts_1h, below: 100}]}",
            "rules/flood.yaml: error: can never match: "
            "no value of posts_1h is within all its bounds",
        ),
        (
            "rules/flood.yaml",
            "[burst]",
            "[flood]",
            "rules/flood.yaml: error: it is inhibited by itself and can never match",
        ),
        (
            "cases/flood.yaml",
            "[flood]",
            "[]",
            "rules/flood.yaml: warning: no case expects it to match",
        ),
        (
            "playbooks/coverage.yaml",
            "due: {all: 1h}",
            "due: {}",
            "playbooks/coverage.yaml step look: warning: no tier has it: its `due` is empty",
        ),
        (
            "playbooks/coverage.yaml",
            "due: {all: 1h}",
            "due: {all: none}",
            "playbooks/coverage.yaml step look: warning: a step that people do has no deadline",
        ),
        (
            "playbooks/coverage.yaml",
            "do: {zh: 看信源}",
            "do: {red: {zh: 看信源}}",
            "playbooks/coverage.yaml step look: warning: "
            "it does not say what to do (`do`) in every tier",
        ),
        (
            "playbooks/coverage.yaml",
            "role: tech",
            "role: executive",
            "playbooks/coverage.yaml step look: warning: it escalates to its own role, "
            "executive (the default)",
        ),
        (
            "playbooks/coverage.yaml",
            "role: tech",
            "role: tech\n    escalate_to: tech",
            "playbooks/coverage.yaml step look: warning: it escalates to its own role, tech",
        ),
        (
            "playbooks/coverage.yaml",
            "{all: 1h}",
            "{all: 1h, red: 2h}",
            "playbooks/coverage.yaml step look: warning: orange has a shorter deadline than red",
        ),
        (
            "playbooks/coverage.yaml",
            "{all: 1h}",
            "{all: 1h, red: none}",
            "playbooks/coverage.yaml step look: warning: orange has a shorter deadline than red",
        ),
        (
            LADDER,
            "due: {orange: 30m, red: 15m}",
            "due: {all: 30m}",
            f"{QUALITY} assess: error: in tier yellow it has no anchor: team is not in that tier",
        ),
        (
            LADDER,
            "due: {orange: 30m, red: 15m}",
            "due: {all: 30m}",
            f"{QUALITY} assess: warning: in tier yellow it needs team, which that tier lacks",
        ),
        (
            "scenarios/unclassified.yaml",
            "playbook: unclassified",
            "playbook: product_quality",
            "scenarios/unclassified.yaml: warning: its playbook product_quality is written for "
            "scenario product_quality",
        ),
        (
            "scenarios/unclassified.yaml",
            "playbook: unclassified",
            "playbook: unclassified\ntakes: [{matter: fakes_in_groups, zh: 群里售假}]",
            "scenarios/unclassified.yaml: error: it takes fakes_in_groups, "
            "which product_quality takes already",
        ),
        (
            "scenarios/product_quality.yaml",
            "goes_to: unclassified",
            "goes_to: product_quality",
            "scenarios/product_quality.yaml: error: what is not this scenario goes to itself "
            "(`not_this`)",
        ),
        (
            "templates/product_quality.holding.md",
            "正在核实",
            "纯属个例",
            "scenarios/product_quality.yaml: error: template product_quality.holding says "
            "what must never be said",
        ),
        (
            "templates/product_quality.holding.md",
            "{{contact}}",
            "",
            "templates/product_quality.holding.md: warning: variable contact is never used",
        ),
        (
            "tiers.yaml",
            "一般, en: Minor",
            "一般",
            "tiers.yaml: warning: name '一般' has no English text (`en`)",
        ),
        (
            "playbooks/coverage.yaml",
            "看一眼, en: Look",
            "看一眼",
            "playbooks/coverage.yaml step look: warning: title '看一眼' has no English text (`en`)",
        ),
    ],
)
def test_findings(tmp_path: Path, name: str, old: str, new: str, issue: str) -> None:
    library = load_library(write_content(tmp_path, replaced(name, old, new)))
    assert issue in [str(found) for found in lint(library)]


def test_what_nobody_uses(tmp_path: Path) -> None:
    changes: dict[str, str | None] = {
        "ladders/spare.yaml": FILES[LADDER].replace("id: standard", "id: spare"),
        "templates/spare.md": FILES["templates/product_quality.holding.md"].replace(
            "id: product_quality.holding", "id: spare"
        ),
    }
    library = load_library(write_content(tmp_path, changes))
    assert [str(issue) for issue in lint(library)] == [
        "ladders/spare.yaml: warning: no playbook takes it",
        "templates/spare.md: warning: no scenario and no step names it",
    ]


def test_our_own_content_is_clean() -> None:
    assert lint(load_library()) == ()
