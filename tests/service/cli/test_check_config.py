"""`fengsui check` of configuration: as `apply` would take it, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.cli.check_config import is_config
from tests.playbooks.sample import write_content
from tests.support.process import Shell

GOOD = """
brands: [{id: qingyou, name: 青柚}]
monitors: [{id: all, query: 青柚, brand: qingyou}]
"""
BAD = """
monitors:
  - {id: one, query: "青柚 ("}
  - {id: two, query: 青柚, brand: nobody}
rules:
  - id: mine
"""


def write(folder: Path, text: str, name: str = "fengsui.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_good_file_is_counted_and_nothing_is_made(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_DATA_DIR", str(tmp_path / "data"))
    done = shell("check", write(tmp_path / "config", GOOD))
    assert (done.code, done.out) == (0, "1 brands, 1 monitors\n"), done.err
    assert not (tmp_path / "data").exists()


def test_every_mistake_of_a_folder_is_named(shell: Shell, tmp_path: Path) -> None:
    file = write(tmp_path / "config", BAD)
    done = shell("check", file.parent)
    assert done.code == 2
    assert f"{file}:3: query: column" in done.err
    assert f"{file}:4: brand: no brand nobody" in done.err
    assert f"{file}:6:5: `when` is missing" in done.err
    assert "fengsui-check-" not in done.err


def test_mistakes_as_json(shell: Shell, tmp_path: Path) -> None:
    file = write(tmp_path / "config", BAD)
    done = shell("check", file, "--json")
    answer = json.loads(done.out)
    places = [(item["file"], item["line"], item["column"]) for item in answer["findings"]]
    assert (done.code, answer["ok"]) == (2, False)
    assert places[0] == (str(file), 3, None)
    assert (str(file), 6, 5) in places


def test_a_good_file_as_json(shell: Shell, tmp_path: Path) -> None:
    done = shell("check", write(tmp_path / "config", "{}"), "--json")
    assert (done.code, json.loads(done.out)) == (0, {"ok": True, "findings": []})
    assert done.err.endswith("nothing\n")


def test_a_file_that_is_not_there(shell: Shell, tmp_path: Path) -> None:
    done = shell("check", tmp_path / "none.yaml")
    assert done.code == 2
    assert "there is no such file" in done.err


def test_content_is_told_from_configuration(tmp_path: Path) -> None:
    assert not is_config(write_content(tmp_path / "content"))
    assert not is_config(tmp_path / "nowhere")
    assert not is_config(write(tmp_path / "tiers", "", "tiers.yaml").parent)
    file = write(tmp_path / "config", GOOD, "a.yml")
    assert is_config(file)
    assert is_config(file.parent)


def test_a_tracker_and_a_folder_of_them(shell: Shell, tmp_path: Path) -> None:
    text = "tracker: ops\nshape: jira\naddress: https://jira.example\n"
    text += "token_env: OPS_TOKEN\nsecret_env: OPS_SECRET\n"
    file = write(tmp_path / "trackers", text, "ops.yaml")
    for path in (file, file.parent):
        done = shell("check", path)
        assert (done.code, done.out) == (0, "trackers: ops\n"), done.err
    file.write_text(text + "poll_minutes: often\n", encoding="utf-8")
    done = shell("check", file)
    assert done.code == 2
    assert f"{file}:6:" in done.err
