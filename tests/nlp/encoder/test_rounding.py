"""Graphs in int8: smaller, and nearly the same answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from nlp.encoder.rounding import round_rows, round_tables, round_weights

ROWS, WIDTH = 4_096, 64
IDS = np.array([0, 7, 4_095], np.int64)


def graph(*, tied: bool = False) -> onnx.ModelProto:
    """A word table of very loud and very quiet rows, and one product; `tied` adds a second use."""
    random = np.random.default_rng(5)
    loudness = np.logspace(-3, 2, ROWS, dtype=np.float32)[:, None]
    table = random.normal(size=(ROWS, WIDTH)).astype(np.float32) * loudness
    weight = random.normal(size=(WIDTH, 8)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["words"], name="words"),
        helper.make_node("MatMul", ["words", "weight"], ["out"], name="product"),
    ]
    outputs = [("words", WIDTH), ("out", 8)]
    if tied:
        nodes.append(helper.make_node("Gather", ["table", "ids"], ["again"], name="again"))
        outputs.append(("again", WIDTH))
    made = helper.make_graph(
        nodes,
        "words",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width])
            for name, width in outputs
        ],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(weight, "weight")],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def words(model: onnx.ModelProto) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    found: NDArray[np.float32] = session.run(["words"], {"ids": IDS})[0]
    return found


def kinds(model: onnx.ModelProto) -> set[str]:
    return {node.op_type for node in model.graph.node}


@given(st.lists(st.lists(st.floats(-1e6, 1e6, width=32), min_size=3, max_size=3), min_size=1))
def test_a_row_is_off_by_half_a_step_at_most(values: list[list[float]]) -> None:
    table = np.array(values, np.float32)
    rows, scales = round_rows(table)
    assert rows.dtype == np.int8
    assert np.all(np.abs(rows * scales - table) <= scales * 0.501)


def test_a_row_of_zeros_stays_one() -> None:
    rows, scales = round_rows(np.zeros((1, 4), np.float32))
    assert (rows * scales).tolist() == [[0.0] * 4]


def test_quiet_words_of_a_table_with_loud_ones_keep_their_meaning() -> None:
    exact = graph()
    rounded = graph()
    round_tables(rounded)
    expected, found = words(exact), words(rounded)
    error = np.linalg.norm(found - expected, axis=1) / np.linalg.norm(expected, axis=1)
    assert error.max() < 0.01
    assert rounded.ByteSize() < exact.ByteSize() / 3


def test_a_table_with_two_uses_stays_as_it_is() -> None:
    model = graph(tied=True)
    round_tables(model)
    assert kinds(model) == {"Gather", "MatMul"}


def test_a_kept_node_stays_as_it_is() -> None:
    model = graph()
    round_tables(model, keep=["words"])
    assert kinds(model) == {"Gather", "MatMul"}


@pytest.mark.parametrize(("keep", "product"), [((), "MatMulInteger"), (["product"], "MatMul")])
def test_a_file_is_rounded_and_nothing_lies_beside_it(
    tmp_path: Path, keep: list[str], product: str
) -> None:
    onnx.save(graph(), tmp_path / "float.onnx")
    round_weights(tmp_path / "float.onnx", tmp_path / "int8.onnx", keep=keep)
    assert {path.name for path in tmp_path.iterdir()} == {"float.onnx", "int8.onnx"}
    model = onnx.load(tmp_path / "int8.onnx")
    assert product in kinds(model)
    assert np.allclose(words(model), words(graph()), rtol=0.02, atol=3.0)
