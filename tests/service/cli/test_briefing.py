"""`fengsui briefing`: prepared, listed, written to files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.process import Shell

CONFIG = """
brands: [{id: chenyu, name: 晨屿}]
monitors: [{id: tea, name: 晨屿茶饮, query: 晨屿, brand: chenyu}]
"""


@pytest.fixture
def watched(installed: Shell, tmp_path: Path) -> Shell:
    """An installation with one monitor."""
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    done = installed("apply", "-f", file)
    assert done.code == 0, done.err
    return installed


def test_a_briefing_is_prepared_listed_and_written(watched: Shell, tmp_path: Path) -> None:
    made = watched("briefing", "prepare", "--day", "2024-03-01", "--brand", "chenyu")
    assert made.code == 0, made.err
    name = made.out.strip()

    listed = watched("briefing", "list", "--state", "draft")
    assert listed.out == f"{name}  draft      晨屿日报 2024-03-01\n"

    shown = json.loads(watched("briefing", "show", name).out)
    assert (shown["id"], shown["monitors"], shown["prepared_by"]) == (name, ["tea"], "system")

    file = tmp_path / "b.html"
    done = watched("briefing", "show", name, "--format", "html", "-o", file)
    assert done.code == 0, done.err
    assert "晨屿日报 2024-03-01" in file.read_text(encoding="utf-8")


def test_a_special_one_is_of_instants(watched: Shell) -> None:
    made = watched(
        *("briefing", "prepare", "--kind", "special", "--language", "en"),
        *("--since", "2024-03-01T08:00", "--until", "2024-03-01T11:00:00+08:00"),
    )
    assert made.code == 0, made.err

    shown = json.loads(watched("briefing", "show", made.out.strip()).out)
    assert (shown["from"], shown["until"]) == (
        "2024-03-01T00:00:00.000Z",
        "2024-03-01T03:00:00.000Z",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["prepare", "--day", "2099-01-01"], "not over yet"),
        (["prepare", "--day", "yesterday"], "--day"),
        (["prepare", "--kind", "special"], "a special briefing is of [since, until)"),
        (["prepare", "--kind", "special", "--since", "soon", "--until", "later"], "--since soon"),
        (["prepare", "--brand", "none"], "there is no brand 'none'"),
        (["show", "brf_none"], "there is no briefing 'brf_none'"),
    ],
)
def test_what_cannot_be_meant_ends_with_two_and_a_line(
    watched: Shell, arguments: list[str], said: str
) -> None:
    done = watched("briefing", *arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_schedules_are_configured_in_a_file(watched: Shell, tmp_path: Path) -> None:
    file = tmp_path / "schedules.yaml"
    file.write_text("briefing_schedules:\n  - {id: morning, at: '08:30', monitors: [tea]}\n")
    done = watched("apply", "-f", file)
    assert done.code == 0, done.err

    file.write_text("briefing_schedules:\n  - {id: morning, monitors: [none]}\n")
    refused = watched("apply", "-f", file)
    assert refused.code == 2
    assert "schedules.yaml:2: monitors: there is no monitor 'none'" in refused.err
