"""`fengsui check`, `lexicon stats`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.playbooks.sample import write_content
from tests.support.process import Shell


def test_the_shipped_content_is_sound(shell: Shell) -> None:
    done = shell("check")
    assert done.code == 0, done.err
    assert "scenarios" in done.out
    assert "lexicon entries" in done.out


def test_the_content_of_an_overlay_is_checked_too(shell: Shell, tmp_path: Path) -> None:
    rules = tmp_path / "over" / "rules"
    rules.mkdir(parents=True)
    (rules / "mine.yaml").write_text("id: mine\ntier: purple\n", encoding="utf-8")
    done = shell("check", "--overlay", tmp_path / "over")
    assert done.code == 2
    assert f"{rules}/mine.yaml:1:1: error: `when` is missing [missing_key]" in done.err


def test_the_overlays_of_the_settings_are_checked(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_CONTENT_OVERLAYS", "national, ./nowhere")
    done = shell("check")
    assert done.code == 2
    assert "there is no such folder [no_folder]" in done.err


def test_a_folder_is_checked_by_itself(shell: Shell, tmp_path: Path) -> None:
    done = shell("check", write_content(tmp_path / "content"))
    assert done.code == 0, done.err
    assert done.out.startswith("2 scenarios, 3 playbooks, 3 rules, 4 cases, ")


def test_findings_as_json(shell: Shell, tmp_path: Path) -> None:
    folder = write_content(tmp_path, {"cases/flood.yaml": None})
    done = shell("check", folder, "--json")
    assert done.code == 0
    assert json.loads(done.out) == {
        "ok": True,
        "findings": [
            {
                "file": f"{folder}/rules/flood.yaml",
                "line": 1,
                "column": 5,
                "severity": "warning",
                "code": "rule_without_case",
                "message": "no case expects it to match",
            }
        ],
    }


def test_lexicon_stats_have_the_shape_of_the_contract(shell: Shell) -> None:
    done = shell("lexicon", "stats", "--json")
    assert done.code == 0
    stats = json.loads(done.out)
    assert stats.keys() == {"version", "active", "categories"}
    assert stats["active"] == sum(row["entries"] for row in stats["categories"].values())
    for row in stats["categories"].values():
        assert row["entries"] == sum(row["severity"].values())


def test_lexicon_stats_for_people(shell: Shell) -> None:
    done = shell("lexicon", "stats")
    assert done.code == 0
    assert any(line.startswith("injury ") for line in done.out.splitlines())
