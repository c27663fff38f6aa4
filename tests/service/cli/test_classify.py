"""`fengsui classify`: order, bad lines, streaming."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli.classify import MOST_LINES
from tests.support.process import Shell, environment
from tests.support.tiny_model import write_tiny_model


@pytest.fixture(autouse=True)
def words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quick, and the same whether weights are there or not; tests name a model of their own."""
    monkeypatch.setenv("FENGSUI_ENCODER", "lexical")


def lines(*items: object) -> bytes:
    return b"".join(json.dumps(item, ensure_ascii=False).encode() + b"\n" for item in items)


def test_answers_come_in_order_with_the_ids_given(shell: Shell) -> None:
    items = [{"id": f"n{number}", "text": f"第{number}条"} for number in range(5)]
    done = shell("classify", "-", stdin=lines(*items))
    assert done.code == 0
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["n0", "n1", "n2", "n3", "n4"]


def test_a_hit_points_into_the_original_text(shell: Shell) -> None:
    text = "😀青柚喝完食物中毒了"
    done = shell("classify", stdin=lines({"id": "1", "text": text}))
    (hit,) = json.loads(done.out)["hits"]
    assert hit["category"] == "injury"
    assert text[hit["start"] : hit["end"]] == hit["surface"]


def test_the_answer_has_the_keys_of_the_contract(shell: Shell) -> None:
    answer = json.loads(shell("classify", stdin=lines({"id": "1", "text": "好"})).out)
    assert answer.keys() >= {
        "id",
        "suggestion",
        "held",
        "risk_level",
        "labels",
        "sentiment",
        "emotion",
        "intent",
        "abuse",
        "scenario",
        "hits",
        "patterns",
        "pii",
        "redacted",
        "language",
        "degraded",
        "versions",
    }


def test_bad_lines_are_named_and_the_rest_answered(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    good = lines({"id": "a", "text": "好"})
    file.write_bytes(good + b"nonsense\n[1]\n" + lines({"id": "b"}) + b"\xff\xfe\n" + good)
    done = shell("classify", file)
    assert done.code == 1
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, None, "b", None, "a"]
    assert answers[3] == {
        "id": "b",
        "error": {"code": "invalid_input", "detail": "text: a string is required"},
    }
    assert [answer["error"]["code"] for answer in answers[1:5]] == ["invalid_input"] * 4
    *named, total = done.err.splitlines()
    places = [line.rsplit(": ", 1)[0] for line in named]
    assert [place.startswith(f"{file}:{n}") for n, place in zip((2, 3, 4, 5), places, strict=True)]
    assert total == "4 lines could not be read"


def test_blank_lines_are_passed_over(shell: Shell) -> None:
    good = lines({"id": "a", "text": "好"})
    done = shell("classify", stdin=b"\n" + good + b"  \r\n" + good)
    assert (done.code, len(done.out.splitlines())) == (0, 2)


def test_a_file_that_is_not_there_is_exit_2(shell: Shell, tmp_path: Path) -> None:
    done = shell("classify", tmp_path / "none.jsonl")
    assert (done.code, done.out) == (2, "")
    assert "No such file" in done.err


def test_a_model_answers_every_head(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FENGSUI_ENCODER")
    monkeypatch.setenv("FENGSUI_ENCODER_PATH", str(write_tiny_model(tmp_path / "tiny")))
    items = [{"id": "1", "text": "好"}, {"id": "2", "text": "差"}, {"id": "3", "text": "蠢"}]
    done = shell("classify", stdin=lines(*items))
    assert (done.code, done.err) == (0, "")
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["sentiment"]["label"] for answer in answers[:2]] == ["positive", "negative"]
    assert [answer["degraded"] for answer in answers] == [[]] * 3
    assert answers[2]["labels"] == [
        {"label": "abuse", "score": answers[2]["abuse"]["score"], "source": "model"}
    ]
    assert answers[0]["versions"]["encoder"].startswith("tiny-1-")


def test_without_what_is_missing_a_plain_text_passes(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FENGSUI_ENCODER")
    monkeypatch.setenv("FENGSUI_ENCODER_PATH", str(write_tiny_model(tmp_path / "tiny")))
    asked = ["sentiment", "emotion", "intent", "abuse", "scenario", "lexicon"]
    done = shell("classify", stdin=lines({"id": "1", "text": "好", "components": asked}))
    answer = json.loads(done.out)
    assert (answer["degraded"], answer["suggestion"]) == ([], "pass")


def test_a_wrong_model_path_is_one_line_and_exit_2(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FENGSUI_ENCODER")
    monkeypatch.setenv("FENGSUI_ENCODER_PATH", str(tmp_path / "none"))
    done = shell("classify", stdin=lines({"id": "1", "text": "好"}))
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert str(tmp_path / "none") in line


def test_more_lines_than_are_judged_together_keep_their_order(shell: Shell) -> None:
    count = 2 * MOST_LINES + 3
    items = [{"id": str(number), "text": f"第{number}条"} for number in range(count)]
    done = shell("classify", stdin=lines(*items))
    ids = [json.loads(line)["id"] for line in done.out.splitlines()]
    assert ids == [str(number) for number in range(count)]


def test_it_reads_with_the_lexicon_of_the_installation(installed: Shell, tmp_path: Path) -> None:
    text = lines({"id": "1", "text": "这半夜拆箱坊，大家当心"})
    shipped = installed("classify", stdin=text)
    assert (json.loads(shipped.out)["hits"], shipped.err) == ([], "")
    file = tmp_path / "words.txt"
    file.write_text("半夜拆箱坊\n", "utf-8")
    options = ("--category", "complaint", "--severity", "2", "--confirm", "--reason", "seen twice")
    assert installed("lexicon", "import", file, *options).code == 0

    done = installed("classify", stdin=text)

    answer = json.loads(done.out)
    assert [hit["term"] for hit in answer["hits"]] == ["半夜拆箱坊"]
    assert answer["versions"]["lexicon"] != json.loads(shipped.out)["versions"]["lexicon"]
    assert done.err == f"lexicon: version 1 saved here, {answer['versions']['lexicon']}\n"


@pytest.mark.slow
def test_it_answers_each_line_before_the_next_is_written(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "classify"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment({"FENGSUI_DATA_DIR": str(tmp_path)}),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        for number in range(3):
            process.stdin.write(lines({"id": f"{number}", "text": "好"}))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == f"{number}"
        process.stdin.close()
        assert process.wait(timeout=20) == 0
