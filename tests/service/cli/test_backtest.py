"""`fengsui backtest`: a recorded stream, one threshold changed, and what comes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.cli.backtest_shown import print_answer
from service.demo import config_path
from service.monitors import read_rules
from tests.service.cli.stream import tail
from tests.support.process import Finished, Shell, fengsui

RULES = """
rules:
  - id: injury_single
    thresholds: {"injury_posts_24h": 3}
  - id: injury_confirmed
    mode: shadow
  - id: injury_spreading
    mode: shadow
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The beginning of the last crisis of the bundled stream, read by words alone."""
    folder = tmp_path_factory.mktemp("backtest")
    rules = folder / "rules.yaml"
    rules.write_text(RULES, encoding="utf-8")
    return fengsui(
        "backtest",
        tail(folder / "tail.jsonl", lines=300),
        "--config",
        config_path(),
        "--rules",
        rules,
        "--budget",
        "0/night",
        "--json",
        variables={"FENGSUI_ENCODER": "lexical"},
        patience_s=500,
    )


@pytest.fixture(scope="module")
def answer(finished: Finished) -> dict[str, Any]:
    assert finished.code == 0, finished.err
    found: dict[str, Any] = json.loads(finished.out)
    return found


def test_the_effect_of_one_changed_threshold_is_told(answer: dict[str, Any]) -> None:
    assert [item["rule"] for item in answer["rules"]["changed"]] == [
        "injury_confirmed",
        "injury_single",
        "injury_spreading",
    ]
    before, after = answer["current"], answer["candidate"]
    assert before["by_tier"] == {"red": 1}
    assert "red" not in after["by_tier"]
    (changed,) = answer["incidents"]["changed"]
    assert changed["tier"] == {"before": "red", "after": "orange"}
    assert changed["later_s"] > 0
    assert changed["samples"]


def test_a_stream_has_no_labels_and_says_so(answer: dict[str, Any]) -> None:
    assert "no labels" in answer["candidate"]["labels"]["note"]


def test_the_budget_has_a_grid(answer: dict[str, Any]) -> None:
    rows = answer["budget"]["grid"]
    assert {row["factor"] for row in rows} == {1.25, 1.5, 2.0, 3.0, 5.0}
    assert all(row["kept"] <= row["of"] for row in rows)


def test_progress_goes_to_stderr(finished: Finished) -> None:
    for stage in ("analysing", "current", "candidate"):
        assert f"{stage}: " in finished.err


def test_people_are_shown_the_differences_first(
    answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    print_answer(answer)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:4] == [
        "changed rule injury_confirmed: mode",
        "changed rule injury_single: when",
        "changed rule injury_spreading: mode",
    ]
    assert any(line.startswith("changed  red → orange · safety_incident") for line in lines)
    assert any(line.startswith("rule ") and "counts ×" in line for line in lines)


def test_what_people_wrote_cannot_command_the_terminal(
    answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    (changed,) = answer["incidents"]["changed"]
    hostile = changed["samples"][0] | {"text": "\x1b]0;owned\x07退款\u202e", "source": "web\x1b[2J"}
    incidents = answer["incidents"] | {"changed": [changed | {"samples": [hostile]}]}
    print_answer(answer | {"incidents": incidents})

    out = capsys.readouterr().out
    assert "web\\x1b[2J: \\x1b]0;owned\\x07退款\\u202e" in out
    assert all(sign.isprintable() for line in out.splitlines() for sign in line)


def test_what_is_proposed_can_be_applied_as_it_is_printed(
    answer: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = [
        {"id": "injury_confirmed", "mode": "shadow"},
        {"id": "injury_single", "when": {"any": [{"fact": "injury_posts_24h", "at_least": 6}]}},
        {"id": "mine", "name": {"zh": "自定\u202e\x1b"}, "tier": "red"},
        {"id": "slow_burn", "thresholds": {"negative_24h ≥ 30": 45, "authors_24h ≥ 10": 15}},
    ]
    rehearsed = {"busiest_night": 0, "lost": [], "fits": True}
    budget = answer["budget"] | {"rules": rules, "rehearsed": rehearsed}
    print_answer(answer | {"budget": budget})
    _, printed = capsys.readouterr().out.rsplit("\nrules:\n", 1)
    path = tmp_path / "proposed.yaml"
    path.write_text(f"rules:\n{printed}", encoding="utf-8")

    assert [document.data for document in read_rules(path)] == rules


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--config", str(config_path())], "--config belongs to a STREAM"),
        ([str(config_path() / "brands.yaml"), "--from", "2026-01-01"], "leave out STREAM"),
        (["--budget", "many"], "write 3/night"),
        (["--from", "yesterday"], "--from yesterday: give a day"),
        (["--rules", str(config_path())], "only rules here"),
    ],
)
def test_mistakes_are_told(shell: Shell, arguments: list[str], said: str) -> None:
    ended = shell("backtest", *arguments)
    assert ended.code == 2
    assert said in ended.err


def test_a_stream_is_played_here(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_ENCODER", "lexical")
    stream = tail(tmp_path / "tail.jsonl", lines=12)
    ended = shell("backtest", stream, "--config", config_path())
    assert ended.code == 0, ended.err
    assert " posts, 2026-03-10T" in ended.out.splitlines()[0]
    assert "incidents are the same" in ended.out


def test_a_new_installation_has_nothing_to_play(shell: Shell) -> None:
    assert shell("migrate").code == 0
    ended = shell("backtest", "--monitor", "tea", "--lexicon", str(Path(__file__)))
    assert ended.code == 2
    assert "no monitor tea; there are: none" in ended.err


def test_a_proposal_is_shown_as_it_is_applied(capsys: pytest.CaptureFixture[str]) -> None:
    side = {
        "incidents": 2,
        "alerts_per_week": 4.0,
        "busiest_night": 2,
        "delay_s": {"p50": 60.0, "p90": None},
        "labels": {"judged": 4, "precision": 0.75},
    }
    incident = {
        "monitor": "tea",
        "scenario": "outage",
        "tier": "red",
        "posts": 9,
        "opened_at": "2026-01-01T00:00:00.000Z",
        "delay_s": 30.0,
        "label": {"incident": "inc_1", "about_us": False},
        "reasons": [{"clause": "posts_1h ≥ 5", "value": 0.51234}],
        "samples": [{"published_at": "T", "source": "weibo", "text": "长" * 99}],
    }
    budget = {
        "pages_a_night": 1,
        "busiest_night": 2,
        "fits": True,
        "grid": [],
        "rules": [{"id": "small", "thresholds": {"negative_1h ≥ 10": 15}}],
        "rehearsed": {"fits": True, "busiest_night": 1, "lost": [incident]},
    }
    print_answer(
        {
            "span": {"posts": 9, "from": "A", "to": "B"},
            "rules": {"changed": []},
            "current": side,
            "candidate": side,
            "incidents": {"same": 0, "gained": [incident], "lost": [], "changed": [], "moved": []},
            "budget": budget,
        }
    )
    out = capsys.readouterr().out
    assert "proposed, and rehearsed: busiest night 1, 1 incidents lost" in out
    assert '  - id: small\n    thresholds: {"negative_1h ≥ 10": 15}' in out
    assert "people called it a false alarm (inc_1)" in out
    assert "75% of 4" in out
    assert "(was 0.512)" in out
    assert f"{'长' * 60}…" in out
