"""Every mistake in a manifest is refused with its file and key."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nlp.encoder.manifest import Companion, Head, Manifest, read_manifest, write_manifest
from nlp.errors import BadModel, ModelMissing
from tests.support.tiny_model import write_tiny_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tiny_model(tmp_path / "tiny")


def change(folder: Path, key: str, value: Any) -> None:
    """Sets a dotted key of manifest.json."""
    path = folder / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    at = data
    *parents, last = key.split(".")
    for parent in parents:
        at = at[parent]
    at[last] = value
    path.write_text(json.dumps(data), "utf-8")


def test_what_was_written_is_read(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert write_manifest(folder, manifest) == manifest
    assert read_manifest(folder) == manifest


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("colour", "red", "colour"),
        ("longest", "160", "longest"),
        ("longest", 4, "longest"),
        ("overlap", 9, "overlap: 9 is over half"),
        ("name", "../evil", "name"),
        ("files.model.onnx", None, "files"),
        ("files", {"../../etc": "0" * 64}, "files"),
        ("files", {"model.onnx": "0" * 64}, r"files: tokenizer\.json not listed"),
        ("tasks", {}, "tasks"),
        ("tasks.mood", {"labels": ["a", "b"]}, r"tasks\.mood: unknown task 'mood'"),
        ("tasks.sentiment.labels", ["negative", "great"], r"tasks\.sentiment: unknown labels"),
        ("tasks.sentiment.labels", ["negative"], r"tasks\.sentiment: labels .* two or more"),
        ("tasks.sentiment.labels", ["negative", "negative"], r"two or more, once each"),
        ("tasks.scenario.labels", ["outage", "misconduct"], r"tasks\.scenario: .*'none'"),
        ("tasks.sentiment.scale", 0, r"tasks\.sentiment\.scale"),
        ("tasks.sentiment.bias", [1.0], r"tasks\.sentiment\.bias: 1 numbers for 3 labels"),
        ("tasks.scenario.threshold", 1.5, r"tasks\.scenario\.threshold"),
        ("tasks.sentiment.temperature", 1.5, r"tasks\.sentiment\.temperature"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(
    folder: Path, key: str, value: Any, said: str
) -> None:
    if key == "files.model.onnx":
        change(folder, "files", {"model.onnx": value})
    else:
        change(folder, key, value)
    with pytest.raises(BadModel, match=rf"manifest\.json: .*{said}"):
        read_manifest(folder)


def test_a_file_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"\xff{")
    with pytest.raises(BadModel, match=r"manifest\.json: file: "):
        read_manifest(folder)


@pytest.mark.parametrize(
    ("companion", "said"),
    [
        ({"buckets": 24}, r"companion\.buckets: 24 is no power of two"),
        ({"weights": {"mood": 1.0}}, r"companion\.weights: mood: not among tasks"),
        ({"file": "other.npz"}, r"files: other\.npz not listed"),
        ({"orders": []}, r"companion\.orders"),
    ],
)
def test_a_mistake_in_the_companion_is_named(
    folder: Path, companion: dict[str, Any], said: str
) -> None:
    good = {"file": "model.onnx", "buckets": 16, "orders": [1], "weights": {"sentiment": 1.0}}
    change(folder, "companion", good | companion)
    with pytest.raises(BadModel, match=said):
        read_manifest(folder)


def test_a_file_to_seal_must_be_there(folder: Path) -> None:
    manifest = replace(read_manifest(folder), files={"nothing.bin": ""})
    with pytest.raises(ModelMissing, match=r"nothing\.bin"):
        write_manifest(folder, manifest)


@pytest.mark.parametrize(
    "changes",
    [
        {"files": {"model.onnx": "1" * 64}},
        {"version": "2"},
        {"tasks": {"sentiment": Head(labels=("negative", "positive"), scale=1.1)}},
        {"companion": Companion(file="n", buckets=2, orders=(1,), weights={})},
    ],
)
def test_the_identity_changes_with_all_that_changes_answers(changes: dict[str, Any]) -> None:
    manifest = Manifest(
        name="tiny",
        version="1",
        files={"model.onnx": "0" * 64},
        tasks={"sentiment": Head(labels=("negative", "positive"))},
        longest=16,
    )
    assert manifest.identity.startswith("tiny-1-")
    assert replace(manifest, **changes).identity != manifest.identity


def test_the_vector_is_among_the_answers_where_it_has_a_width(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert "vector" in manifest.answers
    assert "vector" not in replace(manifest, vector=0).answers
