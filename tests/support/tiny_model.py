"""A served model of a few kilobytes that really runs: embedding, mean, one linear head a task.

Its words mean something, so that a test can ask for an answer: 好 is praise and joy, 差 a complaint
and anger, 蠢 an insult, 漏 a leak of data, 灾 a disaster, 赌 a betting site. Any other character
says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from nlp.encoder.heads import LABELS
from nlp.encoder.manifest import Companion, Head, Manifest, write_manifest

LONGEST = 16
OVERLAP = 4
WIDTH = 6
WORDS = "好差蠢漏灾赌"
SCENARIOS = ("none", "data_privacy", "safety_incident")
CATEGORIES = ("none", "gambling", "fraud")
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", *WORDS)
_STRENGTH = 40.0
_MEANINGS: Mapping[str, Mapping[str, str]] = {
    "好": {"sentiment": "positive", "emotion": "happy", "intent": "praise"},
    "差": {"sentiment": "negative", "emotion": "angry", "intent": "complaint"},
    "蠢": {"abuse": "abusive", "sentiment": "negative"},
    "漏": {"scenario": "data_privacy"},
    "灾": {"scenario": "safety_incident"},
    "赌": {"moderation": "gambling"},
}
_USUAL = {
    "sentiment": "neutral",
    "emotion": "neutral",
    "intent": "other",
    "abuse": "clean",
    "scenario": "none",
    "moderation": "none",
}
HEADS: Mapping[str, Head] = {
    **{task: Head(labels=labels) for task, labels in LABELS.items()},
    "scenario": Head(labels=SCENARIOS),
    # Sharp enough that a plain text stays below the threshold of the default policy.
    "moderation": Head(labels=CATEGORIES, scale=2.0, threshold=0.1),
}


def write_tiny_model(
    folder: Path,
    *,
    heads: Mapping[str, Head] = HEADS,
    vector: bool = True,
    companion: Companion | None = None,
    version: str = "1",
) -> Path:
    """Writes manifest.json, model.onnx and tokenizer.json below `folder`, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer().save(str(folder / "tokenizer.json"))
    onnx.save(network(heads, vector=vector), folder / "model.onnx")
    names = ["model.onnx", "tokenizer.json", *([companion.file] if companion else [])]
    manifest = Manifest(
        name="tiny",
        version=version,
        files=dict.fromkeys(names, ""),
        tasks=heads,
        longest=LONGEST,
        overlap=OVERLAP,
        vector=WIDTH if vector else 0,
        pad_id=PIECES.index("<pad>"),
        companion=companion,
    )
    write_manifest(folder, manifest)
    return folder


def network(heads: Mapping[str, Head], *, vector: bool = True) -> onnx.ModelProto:
    """The ONNX graph: opset 17, dynamic in texts and tokens."""
    made = [
        helper.make_node("Gather", ["embedding", "input_ids"], ["states"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["weight"]),
        helper.make_node("Mul", ["states", "weight"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["weight", "middle"], ["count"], keepdims=0),
        helper.make_node("Div", ["sum", "count"], ["mean"]),
    ]
    constants: dict[str, np.ndarray] = {
        "embedding": np.eye(len(PIECES), dtype=np.float32),
        "last": np.array([-1], np.int64),
        "middle": np.array([1], np.int64),
    }
    widths = {}
    for task, head in heads.items():
        constants[f"{task}.weight"], constants[f"{task}.bias"] = _linear(task, head.labels)
        inputs = ["mean", f"{task}.weight", f"{task}.bias"]
        made.append(helper.make_node("Gemm", inputs, [task]))
        widths[task] = len(head.labels)
    if vector:
        random = np.random.default_rng(0)
        constants["vector.weight"] = random.normal(size=(len(PIECES), WIDTH)).astype(np.float32)
        made.append(helper.make_node("MatMul", ["mean", "vector.weight"], ["vector"]))
        widths["vector"] = WIDTH
    graph = helper.make_graph(
        made,
        "tiny",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
            for name in ("input_ids", "attention_mask")
        ],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", width])
            for name, width in widths.items()
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _linear(task: str, labels: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    weight = np.zeros((len(PIECES), len(labels)), np.float32)
    for word, meanings in _MEANINGS.items():
        if meanings.get(task) in labels:
            weight[PIECES.index(word), labels.index(meanings[task])] = _STRENGTH
    bias = np.array([2.0 * (label == _USUAL[task]) for label in labels], np.float32)
    return weight, bias


def tokenizer() -> Tokenizer:
    """Unigram over PIECES, `<s> … </s>` around a text."""
    scores = [0.0, 0.0, 0.0, 0.0, -2.0, *(-1.0 for _ in WORDS)]
    made = Tokenizer(
        models.Unigram(list(zip(PIECES, scores, strict=True)), unk_id=3, byte_fallback=False)
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    made.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    return made
