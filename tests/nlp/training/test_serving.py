"""From a network to a served folder, and the logits of that folder's model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")

from nlp.encoder import OnnxBackend, read_manifest
from nlp.training.corpora import LABELS, PUBLIC
from nlp.training.inference import logits_of
from nlp.training.serving import plain_heads, served_logits, write_served

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace

TEXTS = ["we房间太差了8", "co房间你这蠢货8", "ew早餐开心8"]
LONG = "房间好极了早餐太差了" * 12


@pytest.fixture(scope="module")
def folder(space: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("served")
    (made / "old.txt").write_text("of an earlier version")
    network, tokenizer = space.finished("teacher")
    tokenizer.enable_truncation(5)
    write_served(
        network,
        tokenizer,
        made,
        name="tiny",
        version="3",
        heads=plain_heads(PUBLIC),
    )
    return made


@pytest.fixture(scope="module")
def backend(folder: Path) -> OnnxBackend:
    return OnnxBackend.load(folder, threads=1)


def test_the_manifest_says_what_the_network_is(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert (manifest.name, manifest.version, manifest.longest, manifest.pad_id) == (
        "tiny",
        "3",
        32,
        1,
    )
    assert {task: head.labels for task, head in manifest.tasks.items()} == {
        task: LABELS[task] for task in PUBLIC
    }
    assert manifest.overlap <= manifest.longest // 2
    assert manifest.companion is None


def test_the_folder_holds_what_the_manifest_names_and_nothing_else(folder: Path) -> None:
    named = {"manifest.json", *read_manifest(folder).files}
    assert {path.name for path in folder.iterdir()} == named


def test_served_logits_are_nearly_those_of_the_network(
    space: Workspace, backend: OnnxBackend
) -> None:
    network, tokenizer = space.finished("teacher")
    exact, _ = logits_of(network, tokenizer, TEXTS, longest=32, full_precision=True)
    found = served_logits(backend, TEXTS)
    for task in PUBLIC:
        assert found[task].shape == exact[task].shape
        assert np.abs(found[task] - exact[task]).max() < 0.25 * np.abs(exact[task]).max()
    assert found["vector"].shape == (3, 512)


def test_the_graph_before_rounding_is_the_network(space: Workspace, tmp_path: Path) -> None:
    network, tokenizer = space.finished("teacher")
    exact, _ = logits_of(network, tokenizer, TEXTS, longest=32, full_precision=True)
    heads = plain_heads(PUBLIC)
    target = tmp_path / "float"
    write_served(network, tokenizer, target, name="whole", version="1", heads=heads, rounded=False)
    found = served_logits(OnnxBackend.load(target, threads=1), TEXTS)
    assert np.allclose(found["sentiment"], exact["sentiment"], atol=1e-4)


def test_the_windows_of_a_long_text_are_averaged_by_their_tokens(backend: OnnxBackend) -> None:
    (prepared,) = backend.prepare([LONG])
    assert len(prepared.windows) > 2
    tokens = np.array([window.tokens for window in prepared.windows])
    rows = backend.infer(prepared.windows)["sentiment"]
    expected = (rows * tokens[:, None]).sum(0) / tokens.sum()
    found = served_logits(backend, [TEXTS[0], LONG, TEXTS[1]])["sentiment"]
    # Int8 activations share one range a batch, so another batch rounds a little otherwise.
    assert found[1] == pytest.approx(expected, abs=0.15 * float(np.abs(expected).max()))


def test_heads_begin_uncalibrated() -> None:
    head = plain_heads(["abuse"])["abuse"]
    assert (head.labels, head.scale, head.bias) == (("clean", "abusive"), 1.0, ())
