"""A float ONNX graph in int8: a quarter of the size, several times the speed.

Products take int8 weights, one scale an output channel, and round activations as they come. Word
tables are rounded a row: one scale for a whole table, as the library has it, drowns the rare words
in the range of the loudest.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.extra import needs_extra
from nlp.encoder.outliers import Feed, channel_peaks, split_outliers

if TYPE_CHECKING:
    import onnx

# Smaller tables, such as that of the positions, are not worth their rounding.
_TABLE_VALUES = 250_000


def round_weights(
    source: Path, target: Path, *, keep: Sequence[str] = (), feeds: Sequence[Feed] = ()
) -> None:
    """Writes the int8 version of a float ONNX file; nothing else is left beside it.

    `keep` names nodes of the source left in float. `feeds` are inputs of the graph by name, those
    of a few dozen usual texts: they show which channels are too loud to be rounded with the others.
    Raises ExtraMissing.
    """
    with needs_extra("torch"):
        import onnx
        from onnxruntime.quantization import QuantType, quantize_dynamic
        from onnxruntime.quantization.shape_inference import quant_pre_process
    with tempfile.TemporaryDirectory() as folder:
        ready, products = Path(folder) / "ready.onnx", Path(folder) / "products.onnx"
        quant_pre_process(source, ready, skip_symbolic_shape=True)
        left: frozenset[str] = frozenset()
        if feeds:
            whole = onnx.load(ready)
            left = split_outliers(whole, channel_peaks(ready, feeds))
            onnx.save(whole, ready)
        quantize_dynamic(
            ready,
            products,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=[*keep, *left],
        )
        model = onnx.load(products)
    round_tables(model, keep=keep)
    onnx.save(model, target)


def round_tables(model: onnx.ModelProto, *, keep: Sequence[str] = ()) -> None:
    """Rounds the large word tables of the graph in place: a row is int8 with its own scale."""
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    tables = {
        item.name: item
        for item in graph.initializer
        if item.data_type == TensorProto.FLOAT
        and len(item.dims) == 2
        and item.dims[0] * item.dims[1] >= _TABLE_VALUES
    }
    users = [name for node in graph.node for name in node.input]
    nodes = []
    for node in graph.node:
        # A table that is also used otherwise, as by a tied output, stays what it is.
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or node.name in keep or users.count(table.name) > 1:
            nodes.append(node)
            continue
        name, ids, out = table.name, node.input[1], node.output[0]
        rows, scales = round_rows(numpy_helper.to_array(table))
        graph.initializer.remove(table)
        graph.initializer.append(numpy_helper.from_array(rows, f"{name}.rows"))
        graph.initializer.append(numpy_helper.from_array(scales, f"{name}.scales"))
        nodes += [
            helper.make_node("Gather", [f"{name}.rows", ids], [f"{out}.rows"]),
            helper.make_node("Cast", [f"{out}.rows"], [f"{out}.cast"], to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{name}.scales", ids], [f"{out}.scales"]),
            helper.make_node("Mul", [f"{out}.cast", f"{out}.scales"], [out]),
        ]
    del graph.node[:]
    graph.node.extend(nodes)


def round_rows(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """(rows, width) float32 as int8 of its shape and scales (rows, 1): their product is near it."""
    scales = np.maximum(np.abs(table).max(1, keepdims=True), np.float32(1e-12)) / np.float32(127)
    return np.rint(table / scales).astype(np.int8), scales.astype(np.float32)
