"""`fengsui topics fit | show | activate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.process import Shell
from tests.support.topic_scene import theme_posts


def posts_file(path: Path, *, bad: str = "") -> Path:
    rows = [
        json.dumps({"text": "，".join(post.words), "author": post.author}, ensure_ascii=False)
        for post in theme_posts(each=40)
    ]
    path.write_text("\n".join(rows) + "\n" + bad, encoding="utf-8")
    return path


def test_a_file_is_fitted_and_shown(installed: Shell, tmp_path: Path) -> None:
    path = posts_file(tmp_path / "p.jsonl")
    fitted = installed("topics", "fit", path, "--k", "3", "--activate")
    assert fitted.code == 0
    lines = fitted.out.splitlines()
    assert lines[0].startswith("1  ready, active, all posts, 3 topics of 120 posts, C_v 0.")
    assert len(lines) == 4
    assert "learning" in fitted.err

    listed = installed("topics", "show")
    assert listed.out.splitlines() == lines[:1]
    assert installed("topics", "show", "1").out.splitlines() == lines
    shown = json.loads(installed("topics", "show", "1", "--json").out)
    assert (shown["number"], shown["options"]["file"]) == (1, "p.jsonl")
    assert len(shown["findings"]["topics"]) == 3


def test_the_number_of_topics_is_chosen_in_a_range(installed: Shell, tmp_path: Path) -> None:
    fitted = installed("topics", "fit", posts_file(tmp_path / "p.jsonl"), "--k-range", "2:3")
    assert "choosing 0 of 2" in fitted.err
    tried = json.loads(installed("topics", "show", "--json").out)["items"][0]
    assert [trial["topics"] for trial in tried["findings"]["trials"]] == [2, 3]


def test_an_update_and_an_activation(installed: Shell, tmp_path: Path) -> None:
    path = posts_file(tmp_path / "p.jsonl")
    installed("topics", "fit", path, "--k", "3")
    updated = installed("topics", "fit", path, "--update", "1")
    assert updated.out.startswith("2  ready, all posts, 3 topics")
    assert installed("topics", "activate", "2").out.startswith("2  ready, active")


def test_lines_that_are_no_posts_are_named_and_the_end_is_1(
    installed: Shell, tmp_path: Path
) -> None:
    path = posts_file(tmp_path / "p.jsonl", bad="nope\n")
    fitted = installed("topics", "fit", path, "--k", "3")
    assert fitted.code == 1
    assert f"{path}:121: is no JSON" in fitted.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fit", "--k", "3"), "3 topics need at least 10 different posts"),
        (("fit", "--k", "1"), "topics: from 2 to 200"),
        (("fit", "--k-range", "9"), "--k-range: '9' is none"),
        (("fit", "--from", "soon"), "--from soon: give a day"),
        (("fit", "--monitor", "none"), "none"),
        (("fit", "--update", "7"), "no topics 7"),
        (("show", "7"), "no topics 7"),
        (("activate", "7"), "no topics 7"),
    ],
)
def test_a_mistake_is_exit_2(installed: Shell, arguments: tuple[str, ...], said: str) -> None:
    done = installed("topics", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_span_of_a_file_is_refused(installed: Shell, tmp_path: Path) -> None:
    done = installed("topics", "fit", posts_file(tmp_path / "p.jsonl"), "--from", "2026-01-01")
    assert done.code == 2
    assert "not lines of a FILE" in done.err
