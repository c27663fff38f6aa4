"""`fengsui models list`, `models export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.process import Shell
from tests.support.tiny_model import write_tiny_model


def test_a_served_model_is_shown_whole(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_tiny_model(tmp_path / "tiny")
    monkeypatch.setenv("FENGSUI_ENCODER_PATH", str(folder))
    done = shell("models", "list")
    assert done.code == 0
    (line,) = done.out.splitlines()
    assert line.startswith(f"onnx   {folder}: tiny-1-")
    assert "abuse, emotion, intent, moderation, scenario, sentiment, vector" in line
    assert line.endswith("MB, sha256 ok")


def test_words_alone_are_said_to_be_alone(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGSUI_ENCODER", "lexical")
    done = shell("models", "list")
    assert (done.code, done.err) == (0, "")
    first, second = done.out.splitlines()
    assert first == "no model (FENGSUI_ENCODER=lexical): sentiment comes from words alone"
    assert second.startswith("answered by no model: sentiment, emotion")


def test_corrupt_weights_are_one_line_and_exit_2(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_tiny_model(tmp_path / "tiny")
    with (folder / "model.onnx").open("ab") as file:
        file.write(b"!")
    monkeypatch.setenv("FENGSUI_ENCODER_PATH", str(folder))
    done = shell("models", "list")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert "model.onnx: sha256 is" in line
    assert done.out == f"onnx   {folder}: not whole\n"


@pytest.mark.parametrize(
    ("labels", "longest", "word"),
    [
        ("negative", "160", "no JSON"),
        ("[]", "160", "JSON object"),
        ('{"LABEL_0": 1}', "160", "LABEL_0"),
        ('{"LABEL_0": "negative"}', "4", "--longest: 4"),
    ],
)
def test_what_cannot_be_exported_is_one_line(
    shell: Shell, tmp_path: Path, labels: str, longest: str, word: str
) -> None:
    target = tmp_path / "target"
    options = ("--task", "sentiment", "--labels", labels, "--longest", longest)
    done = shell("models", "export", tmp_path / "source", target, *options)
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert word in line
    assert not target.exists()


@pytest.mark.slow
def test_a_classifier_of_ones_own_is_exported_listed_and_served(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from tests.support.tiny_classifier import THEIRS, write_tiny_classifier

    source = write_tiny_classifier(tmp_path / "own")
    target = tmp_path / "served"
    options = ("--task", "sentiment", "--labels", json.dumps(THEIRS), "--longest", "64")
    done = shell("models", "export", source, target, *options)
    assert done.code == 0, done.err
    assert done.out.startswith(f"{target}: own 1, ")

    monkeypatch.setenv("FENGSUI_ENCODER_PATH", str(target))
    listed = shell("models", "list").out.splitlines()
    assert "sentiment" in listed[0]
    assert listed[1] == "answered by no model: emotion, intent, abuse, scenario, moderation"
    answer = json.loads(shell("classify", stdin=b'{"id": "1", "text": "\xe5\xa5\xbd"}\n').out)
    assert answer["versions"]["encoder"].startswith("own-1-")
    assert "sentiment" not in answer["degraded"]

    monkeypatch.delenv("FENGSUI_ENCODER_PATH")
    own = [{"path": str(source), "task": "sentiment", "labels": THEIRS}]
    monkeypatch.setenv("FENGSUI_ENCODER", "torch")
    monkeypatch.setenv("FENGSUI_ENCODER_MODELS", json.dumps(own))
    shown = shell("models", "list")
    assert shown.out.startswith(f"torch  {source}: sentiment (negative, positive)")
