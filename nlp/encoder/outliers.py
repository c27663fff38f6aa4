"""The few loud channels of a graph's activations, taken out of its int8 products.

A trunk carries a handful of channels that are ten times as loud as all others, on some token of
nearly every text. Activations are rounded with one scale a tensor, so that these few would leave
the rest three or four bits. They are multiplied in float instead, beside the product in int8
(the decomposition of LLM.int8(), Dettmers 2022, arXiv 2208.07339).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnx

Feed = Mapping[str, NDArray[np.int64]]

_LOUD = 4.0
"""Times the 0.9 quantile of its tensor's channels from which a channel is an outlier."""


def channel_peaks(path: Path, feeds: Sequence[Feed]) -> dict[str, NDArray[np.float32]]:
    """The largest magnitude of each channel that goes into a product with weights.

    By tensor name, (channels,) float32, over all `feeds` (the graph's inputs by name).
    """
    import onnx
    import onnxruntime
    from onnx import helper

    model = onnx.load(path)
    names = sorted({node.input[0] for node in _products(model)})
    model.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    peaks: dict[str, NDArray[np.float32]] = {}
    for feed in feeds:
        for name, values in zip(names, session.run(names, dict(feed)), strict=True):
            loudest = np.abs(values).reshape(-1, values.shape[-1]).max(0)
            peaks[name] = np.maximum(peaks.get(name, loudest), loudest)
    return peaks


def split_outliers(
    model: onnx.ModelProto, peaks: Mapping[str, NDArray[np.float32]]
) -> frozenset[str]:
    """Takes the loud channels out of each product, in place: x·W = quiet(x)·W + x[loud]·W[loud].

    Returns the names of the new nodes, which have to stay in float.
    """
    from onnx import helper, numpy_helper

    graph = model.graph
    weights = {item.name: item for item in graph.initializer}
    left: set[str] = set()
    nodes = []
    for node in graph.node:
        seen = peaks.get(node.input[0]) if _is_product(node, weights) else None
        if seen is None or not len(loud := _loud(seen)):
            nodes.append(node)
            continue
        whole, name, out = node.input[0], node.name or node.output[0], node.output[0]
        matrix = numpy_helper.to_array(weights[node.input[1]])
        quiet = np.ones(len(matrix), np.float32)
        quiet[loud] = 0
        for suffix, values in (("quiet", quiet), ("loud", loud), ("rows", matrix[loud])):
            graph.initializer.append(numpy_helper.from_array(values, f"{name}.{suffix}"))
        node.input[0], node.output[0] = f"{out}.quiet", f"{out}.most"
        beside = f"{name}.outliers"
        left.add(beside)
        nodes += [
            helper.make_node("Mul", [whole, f"{name}.quiet"], [f"{out}.quiet"]),
            node,
            helper.make_node("Gather", [whole, f"{name}.loud"], [f"{out}.loud"], axis=-1),
            helper.make_node(
                "MatMul", [f"{out}.loud", f"{name}.rows"], [f"{out}.rest"], name=beside
            ),
            helper.make_node("Add", [f"{out}.most", f"{out}.rest"], [out]),
        ]
    del graph.node[:]
    graph.node.extend(nodes)
    return frozenset(left)


def _loud(peaks: NDArray[np.float32]) -> NDArray[np.int64]:
    return np.flatnonzero(peaks > _LOUD * np.quantile(peaks, 0.9))


def _products(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    weights = {item.name: item for item in model.graph.initializer}
    return [node for node in model.graph.node if _is_product(node, weights)]


def _is_product(node: onnx.NodeProto, weights: Mapping[str, onnx.TensorProto]) -> bool:
    """A matrix product whose right side is a matrix of the graph's own."""
    return (
        node.op_type == "MatMul"
        and node.input[1] in weights
        and len(weights[node.input[1]].dims) == 2
    )
