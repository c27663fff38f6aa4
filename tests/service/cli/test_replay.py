"""`fengsui replay`: the shape of its answer, and what it says to bad input."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.demo import config_path
from tests.service.cli.stream import LINES, tail
from tests.support.process import Finished, Shell, fengsui

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
INCIDENT_KEYS = {
    "id",
    "kind",
    "monitor",
    "scenario",
    "tier",
    "opened_at",
    "first_post_at",
    "closed_at",
    "posts",
    "tiers",
    "reasons",
    "steps",
}
POST = (
    '{"source":"weibo","native_id":"1","published_at":"2026-01-01T00:00:00Z","text":"好",'
    '"author":{"id":"uid-77","name":"路人甲"}}\n'
)


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The end of the bundled stream, by a process of its own."""
    stream = tail(tmp_path_factory.mktemp("stream") / "tail.jsonl")
    return fengsui("replay", stream, "--config", config_path(), "--json")


@pytest.fixture(scope="module")
def answer(replayed: Finished) -> dict[str, Any]:
    assert replayed.code == 0, replayed.err
    answer: dict[str, Any] = json.loads(replayed.out)
    return answer


def instants(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Everything under a key that names an instant, with the key."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from instants(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from instants(item)
    elif key.endswith("_at") or key in ("at", "since"):
        yield key, value


def test_the_answer_has_the_keys_of_the_contract(answer: dict[str, Any]) -> None:
    assert answer.keys() == {"incidents", "alerts", "coverage", "lag", "totals"}
    assert answer["totals"].keys() == {"posts", "seconds", "posts_per_second"}
    assert answer["totals"]["posts"] == LINES
    for stage in answer["lag"].values():
        assert stage.keys() == {"p50", "p95", "p99"}
    for source in answer["coverage"].values():
        assert source.keys() >= {"state", "since"}


def test_an_incident_has_the_keys_of_the_contract(answer: dict[str, Any]) -> None:
    assert answer["incidents"]
    for incident in answer["incidents"]:
        assert incident.keys() >= INCIDENT_KEYS
        assert isinstance(incident["posts"], int)
        for change in incident["tiers"]:
            assert change.keys() >= {"tier", "at", "reasons"}
        for reason in incident["reasons"]:
            assert reason.keys() >= {"clause", "value", "threshold"}


def test_a_step_has_the_keys_of_the_contract(answer: dict[str, Any]) -> None:
    for incident in answer["incidents"]:
        assert incident["steps"]
        for step in incident["steps"]:
            assert step.keys() >= {"id", "title", "role", "due_at", "state"}
            assert step["state"] in {"pending", "done", "skipped", "breached", "cancelled"}


def test_every_instant_is_utc_with_milliseconds(answer: dict[str, Any]) -> None:
    found = list(instants(answer))
    assert len(found) > 50
    for key, value in found:
        if value is None:
            assert key in ("closed_at", "due_at")
        else:
            assert INSTANT.fullmatch(value), (key, value)


def test_a_tier_is_never_null(answer: dict[str, Any]) -> None:
    for incident in answer["incidents"]:
        assert incident["tier"] in ("yellow", "orange", "red")
        assert [change["tier"] for change in incident["tiers"]][-1] == incident["tier"]


def test_no_incident_opens_before_its_first_post(answer: dict[str, Any]) -> None:
    for incident in answer["incidents"]:
        assert incident["first_post_at"] <= incident["opened_at"]
        if incident["posts"] == 0:
            assert incident["first_post_at"] == incident["opened_at"]


def test_each_opening_was_paged_to_the_recorder(answer: dict[str, Any]) -> None:
    opened = [alert for alert in answer["alerts"] if alert["kind"] == "incident.opened"]
    assert [alert["incident"] for alert in opened] == [item["id"] for item in answer["incidents"]]
    assert {alert["channel"] for alert in answer["alerts"]} == {"recording"}
    for alert in answer["alerts"]:
        assert alert.keys() >= {"incident", "kind", "channel", "at"}


def test_nobody_acknowledges_so_the_clocks_run_out(answer: dict[str, Any]) -> None:
    for incident in answer["incidents"]:
        states = {step["id"]: step["state"] for step in incident["steps"]}
        assert states["acknowledge"] == "breached"
        assert incident["closed_at"] is None


def test_results_go_to_stdout_and_progress_to_stderr(replayed: Finished) -> None:
    assert len(replayed.out.splitlines()) == 1
    assert f"replayed {LINES} of {LINES} posts" in replayed.err


def test_no_author_is_named(replayed: Finished, tmp_path: Path) -> None:
    """The texts may call somebody by name; who wrote them must be nowhere."""
    posts = [json.loads(line) for line in tail(tmp_path / "tail.jsonl").read_bytes().splitlines()]
    texts = " ".join(post["text"] for post in posts)
    people = [post["author"] for post in posts if post.get("author")]
    ids = {person["id"] for person in people}
    names = {person["name"] for person in people if person["name"] not in texts}
    assert len(ids) > 300
    written = set(re.findall(r"[\w.-]+", replayed.out + replayed.err))
    assert not written & ids
    assert not {name for name in names if name in replayed.out + replayed.err}


def test_gzip_is_read_too(shell: Shell, tmp_path: Path) -> None:
    stream = tmp_path / "one.jsonl.gz"
    stream.write_bytes(gzip.compress(POST.encode()))
    done = shell("replay", stream, "--json")
    assert done.code == 0
    assert json.loads(done.out)["totals"]["posts"] == 1


def test_without_json_it_speaks_to_people(shell: Shell, tmp_path: Path) -> None:
    stream = tail(tmp_path / "short.jsonl", lines=60)
    done = shell("replay", stream, "--config", config_path())
    assert done.code == 0
    assert "safety_incident · chengyu" in done.out
    assert "确认接警" in done.out
    assert "会升为较大（orange）：" in done.out
    assert "incidents" in done.out.splitlines()[-1]


def test_without_a_configuration_one_monitor_takes_every_post(shell: Shell, tmp_path: Path) -> None:
    stream = tail(tmp_path / "short.jsonl", lines=100, of=1_200)
    answer = json.loads(shell("replay", stream, "--json").out)
    assert {incident["monitor"] for incident in answer["incidents"]} == {"all"}


def test_a_half_written_line_is_named_and_the_rest_replayed(shell: Shell, tmp_path: Path) -> None:
    stream = tmp_path / "half.jsonl"
    stream.write_text(POST + POST[:30], encoding="utf-8")
    done = shell("replay", stream, "--json")
    assert done.code == 1
    assert json.loads(done.out)["totals"]["posts"] == 1
    assert f"{stream}:2: " in done.err
    assert "1 lines could not be read" in done.err


def test_many_bad_lines_are_counted_not_all_shown(shell: Shell, tmp_path: Path) -> None:
    stream = tmp_path / "bad.jsonl"
    stream.write_text(POST + "nonsense\n" * 25, encoding="utf-8")
    done = shell("replay", stream, "--json")
    assert done.code == 1
    assert done.err.count("no JSON") == 20
    assert "and 5 more lines" in done.err


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "No such file"),
        (lambda path: path.mkdir(), "Is a directory"),
        (lambda path: path.write_text(""), "no post in it"),
        (lambda path: path.write_text("nonsense\n"), "no post in it"),
    ],
    ids=["missing", "folder", "empty", "nonsense"],
)
def test_a_stream_that_is_none_is_said_in_a_line_and_exit_2(
    shell: Shell, tmp_path: Path, make: Any, said: str
) -> None:
    stream = tmp_path / "stream.jsonl"
    make(stream)
    done = shell("replay", stream, "--json")
    assert done.code == 2
    assert done.out == ""
    first, *bad_lines = done.err.splitlines()
    assert str(stream) in first
    assert said in first
    assert all(line.startswith(f"  {stream}:") for line in bad_lines)


def test_a_bad_configuration_is_named_by_file_and_line(shell: Shell, tmp_path: Path) -> None:
    stream, config = tmp_path / "one.jsonl", tmp_path / "config"
    stream.write_text(POST, encoding="utf-8")
    config.mkdir()
    (config / "monitors.yaml").write_text(
        "monitors:\n  - id: a\n    query: 青柚\n    colour: red\n  - id: b\n    query: (青柚\n",
        encoding="utf-8",
    )
    done = shell("replay", stream, "--config", config, "--json")
    assert done.code == 2
    unknown, query = done.err.splitlines()
    assert unknown.startswith(f"{config}/monitors.yaml:4: colour: ")
    assert query.startswith(f"{config}/monitors.yaml:6: query: column 1: ")


def test_a_configuration_that_is_not_there_is_a_usage_error(shell: Shell, tmp_path: Path) -> None:
    done = shell("replay", tmp_path / "x.jsonl", "--config", tmp_path / "none", "--json")
    assert done.code == 2
    assert "does not exist" in done.err
    assert "Traceback" not in done.err


def test_elasticsearch_is_asked_for_without_saying_where(tmp_path: Path) -> None:
    stream = tmp_path / "one.jsonl"
    stream.write_text(POST, encoding="utf-8")
    done = fengsui("replay", stream, "--elasticsearch")
    assert done.code == 2
    assert "--elasticsearch needs FENGSUI_POSTS_URL" in done.err
