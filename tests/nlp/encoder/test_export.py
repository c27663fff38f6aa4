"""A classifier turned into a served folder answers as the classifier does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlp.encoder.backend import Backend
from nlp.encoder.export import export_model, write_graph
from nlp.encoder.loading import load_backend
from nlp.encoder.manifest import read_manifest
from nlp.encoder.torch import TorchBackend
from nlp.errors import BadModel
from tests.contracts.encoder_backend import EncoderBackendContract, answers, readings

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch
from torch import Tensor, nn

from tests.support.tiny_classifier import THEIRS, write_tiny_classifier


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_classifier(tmp_path_factory.mktemp("classifier") / "my model")


@pytest.fixture(scope="module")
def exported(classifier: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("served") / "sentiment"
    export_model(classifier, target, task="sentiment", labels=THEIRS, longest=64)
    return target


class TestContract(EncoderBackendContract):
    @pytest.fixture(scope="class")
    @classmethod
    def backend(cls, exported: Path) -> Backend:
        return load_backend(exported, threads=1)


def test_the_folder_holds_three_files_and_is_described(exported: Path) -> None:
    manifest = read_manifest(exported)
    assert {path.name for path in exported.iterdir()} == {"manifest.json", *manifest.files}
    assert manifest.name == "my-model"
    assert manifest.longest == 64
    assert manifest.tasks["sentiment"].labels == ("negative", "positive")


def test_the_exported_model_agrees_with_the_classifier(classifier: Path, exported: Path) -> None:
    texts = ["好好", "差", "你蠢", "好差好差好差好", "漏", "x" * 40]
    whole = TorchBackend.load(classifier, task="sentiment", labels=THEIRS, device="cpu", longest=64)
    for one, other in zip(
        readings(whole, texts), readings(load_backend(exported, threads=1), texts), strict=True
    ):
        assert np.allclose(answers(one), answers(other), atol=0.05)


def test_a_target_that_holds_something_is_left_alone(classifier: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BadModel, match="is not empty"):
        export_model(classifier, tmp_path, task="sentiment", labels=THEIRS)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_source_that_is_refused_leaves_no_target(classifier: Path, tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="its labels are"):
        export_model(classifier, tmp_path / "new", task="sentiment", labels={})
    assert not (tmp_path / "new").exists()


def refuse(*_inputs: Tensor) -> Tensor:
    raise RuntimeError("not today")


def test_a_network_that_cannot_be_traced_is_named(tmp_path: Path) -> None:
    network = nn.Identity()
    network.register_forward_pre_hook(refuse)
    with pytest.raises(BadModel, match=r"net\.onnx: the network cannot be traced: not today"):
        write_graph(network, tmp_path / "net.onnx", outputs=["abuse"])
    assert torch.is_grad_enabled()
