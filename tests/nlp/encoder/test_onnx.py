"""The ONNX backend: the contract, its answers, and every way its files can be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from nlp.encoder.backend import Backend
from nlp.encoder.manifest import Companion, Head, Manifest, read_manifest, write_manifest
from nlp.encoder.onnx import OnnxBackend
from nlp.errors import BadModel, ModelMissing
from tests.contracts.encoder_backend import EncoderBackendContract, readings
from tests.support.tiny_model import HEADS, LONGEST, network, write_tiny_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def tiny(folder: Path) -> OnnxBackend:
    return OnnxBackend.load(folder, threads=1)


class TestContract(EncoderBackendContract):
    @pytest.fixture(scope="class")
    @classmethod
    def backend(cls, tiny: OnnxBackend) -> Backend:
        return tiny


class TestContractWithCompanion(EncoderBackendContract):
    @pytest.fixture(scope="class")
    @classmethod
    def backend(cls, tmp_path_factory: pytest.TempPathFactory) -> Backend:
        return OnnxBackend.load(with_companion(tmp_path_factory.mktemp("tiny"), weight=0.5))


def with_companion(folder: Path, *, weight: float) -> Path:
    """A tiny model whose n-grams all speak for positive, by 1.0 in all a text."""
    write_ngrams(folder / "ngrams.npz", labels=3)
    return write_tiny_model(
        folder,
        companion=Companion(
            file="ngrams.npz", buckets=16, orders=(1, 2), weights={"sentiment": weight}
        ),
    )


def write_ngrams(path: Path, *, labels: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = np.zeros((16, labels), np.int8)
    rows[:, -1] = 10
    arrays: dict[str, np.ndarray] = {
        "sentiment.rows": rows,
        "sentiment.scale": np.full(labels, 0.1, np.float32),
        "sentiment.intercept": np.zeros(labels, np.float32),
    }
    np.savez(path, allow_pickle=False, **arrays)


def rewrite(folder: Path, **changes: object) -> None:
    """Changes keys of the manifest by hand, as a user would."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


def reseal(folder: Path) -> Manifest:
    """Gives changed files their new digests."""
    path = folder / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    heads = {
        task: Head(**{**head, "labels": tuple(head["labels"]), "bias": tuple(head["bias"])})
        for task, head in data["tasks"].items()
    }
    companion = data["companion"]
    if companion:
        companion = Companion(**{**companion, "orders": tuple(companion["orders"])})
    return write_manifest(folder, Manifest(**{**data, "tasks": heads, "companion": companion}))


def test_each_head_says_what_its_word_means(tiny: OnnxBackend) -> None:
    praise, complaint, insult, leak = readings(tiny, ["好", "差", "你蠢", "漏了"])
    assert praise.sentiment is not None
    assert praise.sentiment.label == "positive"
    assert complaint.emotion is not None
    assert complaint.emotion.label == "angry"
    assert complaint.intent is not None
    assert complaint.intent.label == "complaint"
    assert insult.abuse is not None
    assert insult.abuse > 0.9
    assert leak.scenarios is not None
    assert [item.scenario for item in leak.scenarios] == ["data_privacy"]


def test_one_insult_at_the_end_of_a_long_text_is_found(tiny: OnnxBackend) -> None:
    calm, rude = readings(tiny, ["好 " * 200, "好 " * 200 + "蠢蠢"])
    assert calm.abuse is not None
    assert rude.abuse is not None
    assert calm.abuse < 0.5 < rude.abuse


def test_a_long_text_has_windows_no_longer_than_the_model(tiny: OnnxBackend) -> None:
    (prepared,) = tiny.prepare(["好差" * 100])
    assert len(prepared.windows) > 10
    assert max(window.tokens for window in prepared.windows) == LONGEST


def test_rows_come_back_in_the_order_given_through_several_passes(tiny: OnnxBackend) -> None:
    texts = ["好" * (1 + place * 7 % 13) + "差" * (place % 3) for place in range(400)]
    windows = [prepared.windows[0] for prepared in tiny.prepare(texts)]
    rows = tiny.infer(windows)["sentiment"]
    alone = np.concatenate([tiny.infer([window])["sentiment"] for window in windows])
    assert np.allclose(rows, alone, atol=1e-5)


def test_the_calibration_of_the_manifest_counts(tmp_path: Path) -> None:
    labels = HEADS["sentiment"].labels
    plain = {"sentiment": Head(labels=labels)}
    sure = OnnxBackend.load(write_tiny_model(tmp_path / "a", heads=plain, vector=False))
    soft = OnnxBackend.load(
        write_tiny_model(
            tmp_path / "b", heads={"sentiment": Head(labels=labels, scale=0.1)}, vector=False
        )
    )
    tops = []
    for backend in (sure, soft):
        (reading,) = readings(backend, ["好"])
        assert reading.sentiment is not None
        tops.append(reading.sentiment.scores["positive"])
    assert tops[0] > tops[1] > 1 / 3
    assert sure.version != soft.version


def test_a_model_may_answer_one_task_only(tmp_path: Path) -> None:
    heads = {"abuse": HEADS["abuse"]}
    backend = OnnxBackend.load(write_tiny_model(tmp_path, heads=heads, vector=False))
    (reading,) = readings(backend, ["蠢"])
    assert backend.tasks == {"abuse"}
    assert reading.sentiment is None
    assert reading.vector is None


def test_the_companion_adds_to_the_logits_by_its_weight(tmp_path: Path) -> None:
    odds = []
    for weight in (0.0, 2.0):
        backend = OnnxBackend.load(with_companion(tmp_path / str(weight), weight=weight))
        (reading,) = readings(backend, ["好"])
        assert reading.sentiment is not None
        scores = reading.sentiment.scores
        odds.append(np.log(scores["positive"] / scores["neutral"]))
    # One distinct 1-gram, 10 x 0.1 / sqrt(1), twice.
    assert odds[1] - odds[0] == pytest.approx(2.0, abs=1e-4)


def test_a_missing_folder_is_named_with_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"nowhere.*FENGSUI_ENCODER_PATH"):
        OnnxBackend.load(tmp_path / "nowhere")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (write_tiny_model(tmp_path) / "tokenizer.json").unlink()
    with pytest.raises(ModelMissing, match=r"tokenizer\.json"):
        OnnxBackend.load(tmp_path)


def test_corrupt_weights_are_told_by_both_digests(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path) / "model.onnx"
    expected = read_manifest(tmp_path).files["model.onnx"][:12]
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(BadModel, match=rf"model\.onnx: sha256 is [0-9a-f]{{12}}….*{expected}…"):
        OnnxBackend.load(tmp_path)


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    (write_tiny_model(tmp_path) / "model.onnx").write_bytes(b"not a network")
    reseal(tmp_path)
    with pytest.raises(BadModel, match=r"model\.onnx: not a model ONNX Runtime reads"):
        OnnxBackend.load(tmp_path)


def test_a_file_that_is_no_tokenizer_is_refused(tmp_path: Path) -> None:
    (write_tiny_model(tmp_path) / "tokenizer.json").write_text("{}")
    reseal(tmp_path)
    with pytest.raises(BadModel, match=r"tokenizer\.json"):
        OnnxBackend.load(tmp_path)


def test_a_network_without_a_head_of_the_manifest_is_refused(tmp_path: Path) -> None:
    write_tiny_model(tmp_path)
    few = {"sentiment": HEADS["sentiment"]}
    onnx.save(network(few, vector=False), tmp_path / "model.onnx")
    reseal(tmp_path)
    with pytest.raises(BadModel, match=r"outputs \['sentiment'\]; the manifest needs"):
        OnnxBackend.load(tmp_path)


def test_a_head_of_another_width_is_refused(tmp_path: Path) -> None:
    write_tiny_model(tmp_path)
    narrow = {**HEADS, "sentiment": Head(labels=("negative", "positive"))}
    onnx.save(network(narrow), tmp_path / "model.onnx")
    reseal(tmp_path)
    with pytest.raises(BadModel, match=r"output sentiment is float32 \(2, 2\), expected.*\(2, 3\)"):
        OnnxBackend.load(tmp_path)


def test_a_pad_outside_the_vocabulary_is_refused_at_start(tmp_path: Path) -> None:
    rewrite(write_tiny_model(tmp_path), pad_id=10_000)
    with pytest.raises(BadModel, match="does not run"):
        OnnxBackend.load(tmp_path)


def test_a_companion_of_another_shape_is_refused(tmp_path: Path) -> None:
    write_ngrams(with_companion(tmp_path, weight=1) / "ngrams.npz", labels=2)
    reseal(tmp_path)
    with pytest.raises(
        BadModel, match=r"sentiment\.rows is int8 \(16, 2\); expected int8 \(16, 3\)"
    ):
        OnnxBackend.load(tmp_path)


def test_a_companion_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (with_companion(tmp_path, weight=1) / "ngrams.npz").write_bytes(b"PK nothing")
    reseal(tmp_path)
    with pytest.raises(BadModel, match=r"ngrams\.npz: not the n-gram arrays"):
        OnnxBackend.load(tmp_path)
