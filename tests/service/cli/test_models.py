"""`fengsui models`: listed, exported, corrected, compared, switched to and back."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from nlp import search_phrases
from service.stores.sqlite import SqlitePostStore
from tests.support.learning_scene import GLOOMY
from tests.support.process import Shell
from tests.support.stored_posts import stored_post
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


def posts_in(data: Path) -> None:
    """Three stored posts that no monitor has."""

    async def store() -> None:
        opened = SqlitePostStore(data / "posts.db", query_phrases=search_phrases, durable=False)
        versions = {"versions": {"encoder": "old-1"}}
        try:
            await opened.upsert(
                [
                    stored_post(1, "包装漏水了，打 13812345678", analysis=versions),
                    stored_post(2, "明天再说", analysis=versions),
                    stored_post(3, "三号店开了", analysis=versions),
                ]
            )
        finally:
            await opened.close()

    asyncio.run(store())


def test_from_what_people_said_to_another_model_and_back(
    installed: Shell, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_ENCODER_PATH", str(write_tiny_model(tmp_path / "usual")))
    gloomy = write_tiny_model(tmp_path / "gloomy", heads=GLOOMY, version="2")
    posts_in(data)
    for number, label in ((1, "negative"), (2, "neutral"), (3, "negative")):
        post = f"p{number:023d}"
        done = installed(
            "models", "corrections", "add", post, "--head=sentiment", f"--label={label}"
        )
        assert (done.code, done.err) == (0, "")

    first, again = (installed("models", "corrections", "export") for _ in range(2))
    assert first.out == again.out
    rows = [json.loads(line) for line in first.out.splitlines()]
    assert [row["label"] for row in rows] == ["negative", "neutral", "negative"]
    assert rows[0]["versions"] == {"encoder": "old-1"}
    assert "13812345678" not in first.out
    assert "3 rows, sha256 " in first.err

    refused = installed("models", "switch", str(gloomy))
    assert refused.code == 2
    assert "never evaluated" in refused.err

    told = installed("models", "evaluate", "--candidate", gloomy, "--no-posts", "--json")
    assert told.code == 0, told.err
    answer = json.loads(told.out)
    sentiment = answer["heads"]["sentiment"]
    assert (sentiment["mended"], sentiment["broken"]) == (2, 1)
    assert (sentiment["serving"]["accuracy"], sentiment["candidate"]["accuracy"]) == (
        0.3333,
        0.6667,
    )

    name = answer["candidate"]["name"]
    assert installed("models", "switch", name).out == f"switch 1: switched to encoder {name}\n"
    assert f"serves {gloomy}: {name}, by switch 1" in installed("models", "list").out
    line = b'{"id": "1", "text": "\xe6\x98\x8e\xe5\xa4\xa9\xe5\x86\x8d\xe8\xaf\xb4"}\n'
    read = installed("classify", stdin=line)
    assert json.loads(read.out)["sentiment"]["label"] == "negative"
    assert f"model: {name}, by switch 1" in read.err

    assert installed("models", "back").out == f"switch 2: took back switch 1: encoder {name}\n"
    assert json.loads(installed("classify", stdin=line).out)["sentiment"]["label"] == "neutral"
    assert installed("models", "back").code == 2


def test_a_switched_model_that_is_gone_is_told(
    installed: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_ENCODER_PATH", str(write_tiny_model(tmp_path / "usual")))
    gloomy = write_tiny_model(tmp_path / "gloomy", heads=GLOOMY, version="2")
    forced = installed("models", "switch", gloomy, "--force", "--reason", "it burns")
    assert forced.code == 0, forced.err
    shutil.rmtree(gloomy)
    done = installed("models", "list")
    assert done.code == 2
    assert "bring the folder back" in done.err
    assert "forced: it burns" in done.out


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--no-posts", "--monitor", "tea"), "--no-posts plays none"),
        (("--from", "yesterday"), "--from yesterday"),
        (("--set", "missing.jsonl"), "missing.jsonl"),
    ],
)
def test_options_that_cannot_be_meant(shell: Shell, options: tuple[str, ...], word: str) -> None:
    done = shell("models", "evaluate", *options)
    assert done.code == 2
    assert word in done.err


def test_one_candidate_at_a_time_and_bad_sets_by_line(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("rules: [{id: slow_burn, tier: red}]")
    both = shell("models", "evaluate", "--rules", file, "--candidate", tmp_path)
    assert both.code == 2
    assert "at a time" in both.err
    bad = shell("models", "evaluate", "--set", file)
    assert bad.code == 2
    assert f"{file}:1" in bad.err
