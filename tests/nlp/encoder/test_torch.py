"""The torch backend: the contract, its labels, and what it refuses. Needs the extra [torch]."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlp.encoder.backend import Backend
from nlp.encoder.torch import TorchBackend
from nlp.errors import BadModel, ModelMissing
from tests.contracts.encoder_backend import EncoderBackendContract, readings

pytest.importorskip("torch")
pytest.importorskip("transformers")

from transformers import BertConfig, BertModel

from nlp.encoder.classifier import open_classifier, positions
from tests.support.tiny_classifier import THEIRS, write_tiny_classifier


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_classifier(tmp_path_factory.mktemp("classifier"))


class TestContract(EncoderBackendContract):
    @pytest.fixture(scope="class")
    @classmethod
    def backend(cls, folder: Path) -> Backend:
        return TorchBackend.load(folder, task="sentiment", labels=THEIRS, device="cpu")


def load(folder: Path, **labels: str) -> TorchBackend:
    return TorchBackend.load(folder, task="sentiment", labels=labels or THEIRS, device="cpu")


def test_labels_that_are_one_of_ours_add_up(folder: Path) -> None:
    split = {"bad": "negative", "good": "positive", "great": "neutral"}
    (joined,) = readings(load(folder), ["差好"])
    (apart,) = readings(load(folder, **split), ["差好"])
    assert joined.sentiment is not None
    assert apart.sentiment is not None
    ours = apart.sentiment.scores
    assert joined.sentiment.scores["negative"] == pytest.approx(ours["negative"], abs=1e-5)
    assert joined.sentiment.scores["positive"] == pytest.approx(
        ours["positive"] + ours["neutral"], abs=1e-5
    )


def test_the_version_changes_with_the_labels_and_the_weights(folder: Path, tmp_path: Path) -> None:
    swapped = {"bad": "positive", "good": "negative", "great": "negative"}
    other = write_tiny_classifier(tmp_path, initializer_range=0.2)
    versions = {load(folder).version, load(folder, **swapped).version, load(other).version}
    assert len(versions) == 3
    assert load(folder).version in versions


def test_windows_are_no_longer_than_its_positions(tmp_path: Path) -> None:
    backend = load(write_tiny_classifier(tmp_path, positions=24))
    (prepared,) = backend.prepare(["好差" * 60])
    assert max(window.tokens for window in prepared.windows) == 24


@pytest.mark.parametrize("labels", [{"bad": "negative"}, THEIRS | {"awful": "negative"}])
def test_a_mapping_that_does_not_fit_names_the_labels_there_are(
    folder: Path, labels: dict[str, str]
) -> None:
    with pytest.raises(BadModel, match=r"its labels are \['bad', 'good', 'great'\]"):
        load(folder, **labels)


def test_a_label_that_is_none_of_ours_is_refused(folder: Path) -> None:
    with pytest.raises(BadModel, match=r"unknown labels \['joyful'\]"):
        load(folder, **(THEIRS | {"great": "joyful"}))


def test_an_unknown_task_is_refused(folder: Path) -> None:
    with pytest.raises(BadModel, match="unknown task 'mood'"):
        TorchBackend.load(folder, task="mood", labels=THEIRS)


def test_a_model_of_several_labels_at_once_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="several labels at once"):
        load(write_tiny_classifier(tmp_path, problem_type="multi_label_classification"))


def test_a_base_model_without_a_head_is_refused(folder: Path, tmp_path: Path) -> None:
    BertModel.from_pretrained(folder).save_pretrained(tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json", "config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    with pytest.raises(BadModel, match="a base model, not a classifier"):
        load(tmp_path)


def test_a_folder_that_holds_no_weights_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    with pytest.raises(BadModel, match="not a classifier's folder"):
        load(tmp_path)


def test_a_path_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    # No name of the hub, so that nothing is asked of the network.
    with pytest.raises(ModelMissing, match=r"no such folder.*downloaded folder"):
        load(tmp_path / "nowhere" / "at" / "all")


def test_weights_that_are_not_numbers_are_refused(folder: Path) -> None:
    classifier = open_classifier(str(folder), task="sentiment", labels=THEIRS, longest=64)
    next(classifier.network.parameters()).data.fill_(np.nan)
    with pytest.raises(BadModel, match="corrupt"):
        TorchBackend(classifier, name="broken", task="sentiment")


def test_a_pad_outside_the_vocabulary_is_refused(tmp_path: Path) -> None:
    write_tiny_classifier(tmp_path)
    path = tmp_path / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"vocab_size": 3}))
    with pytest.raises(BadModel):
        load(tmp_path)


def test_windows_too_short_for_any_text_are_refused(folder: Path) -> None:
    with pytest.raises(BadModel, match="no room"):
        TorchBackend.load(folder, task="sentiment", labels=THEIRS, longest=2)


def test_a_folder_without_a_tokenizer_is_refused(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        if not path.name.startswith("tokenizer"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(BadModel, match="has no tokenizer"):
        load(tmp_path)


@pytest.mark.parametrize(("kind", "expected"), [("bert", 514), ("xlm-roberta", 512)])
def test_positions_of_robertas_kin_count_from_behind_the_pad(kind: str, expected: int) -> None:
    config = BertConfig(max_position_embeddings=514, pad_token_id=1)
    config.model_type = kind
    assert positions(config) == expected
