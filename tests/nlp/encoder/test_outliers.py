"""Loud channels beside the int8 product, not in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from nlp.encoder.onnx import open_session
from nlp.encoder.outliers import channel_peaks, split_outliers
from nlp.encoder.rounding import round_weights

WIDTH, OUT, LOUD = 64, 8, 17


def write_graph(path: Path) -> Path:
    """Ids in, the words' rows times a matrix out; one channel of the rows is very loud."""
    random = np.random.default_rng(3)
    table = random.normal(size=(50, WIDTH)).astype(np.float32)
    table[:, LOUD] *= 60
    weight = random.normal(size=(WIDTH, OUT)).astype(np.float32)
    made = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "ids"], ["words"], name="words"),
            helper.make_node("MatMul", ["words", "weight"], ["out"], name="product"),
        ],
        "loud",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["texts", "tokens", OUT])],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(weight, "weight")],
    )
    onnx.save(
        helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path
    )
    return path


FEEDS = [{"ids": np.array([[0, 1, 2]])}, {"ids": np.array([[5, 6]])}]
ASKED = {"ids": np.array([[7, 8, 9, 10]])}


def answer(path: Path) -> NDArray[np.float32]:
    found: NDArray[np.float32] = open_session(path, threads=1).run(["out"], ASKED)[0]
    return found


def test_the_peaks_are_of_each_channel_over_all_texts(tmp_path: Path) -> None:
    path = write_graph(tmp_path / "float.onnx")
    peaks = channel_peaks(path, FEEDS)
    assert peaks["words"].shape == (WIDTH,)
    assert int(peaks["words"].argmax()) == LOUD
    [table] = [item for item in onnx.load(path).graph.initializer if item.name == "table"]
    seen = np.abs(numpy_helper.to_array(table)[[0, 1, 2, 5, 6]]).max(0)
    np.testing.assert_array_equal(peaks["words"], seen)


def test_splitting_changes_no_answer_and_names_what_stays_in_float(tmp_path: Path) -> None:
    path = write_graph(tmp_path / "float.onnx")
    model = onnx.load(path)
    assert split_outliers(model, channel_peaks(path, FEEDS)) == {"product.outliers"}
    onnx.checker.check_model(model)
    onnx.save(model, tmp_path / "split.onnx")
    np.testing.assert_allclose(answer(tmp_path / "split.onnx"), answer(path), rtol=1e-4, atol=1e-3)


def test_a_graph_without_loud_channels_is_left_alone(tmp_path: Path) -> None:
    path = write_graph(tmp_path / "float.onnx")
    model = onnx.load(path)
    before = model.SerializeToString()
    assert split_outliers(model, {"words": np.ones(WIDTH, np.float32)}) == frozenset()
    assert split_outliers(model, {}) == frozenset()
    assert model.SerializeToString() == before


def test_rounding_is_much_finer_without_the_loud_channels(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    source = write_graph(tmp_path / "float.onnx")
    round_weights(source, tmp_path / "plain.onnx")
    round_weights(source, tmp_path / "split.onnx", feeds=FEEDS)
    exact = answer(source)
    plain, split = (
        float(np.abs(answer(tmp_path / name) - exact).mean())
        for name in ("plain.onnx", "split.onnx")
    )
    assert split < plain / 5
