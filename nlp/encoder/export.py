"""A Hugging Face classifier as a served folder: int8 ONNX, tokenizer, manifest. Needs [torch]."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.encoder.extra import needs_extra
from nlp.encoder.manifest import MODEL, TOKENIZER, Head, Manifest, write_manifest
from nlp.encoder.onnx import OnnxBackend
from nlp.encoder.rounding import round_weights
from nlp.encoder.samples import sample_feeds
from nlp.errors import BadModel

if TYPE_CHECKING:
    from torch import nn

__all__ = ["LONGEST", "OVERLAP", "export_model", "write_graph"]

LONGEST = 160
OVERLAP = 32
_OPSET = 17


def export_model(
    source: str | Path,
    target: Path,
    *,
    task: str,
    labels: Mapping[str, str],
    longest: int = LONGEST,
    version: str = "1",
) -> Manifest:
    """Turns the classifier of a folder (or a hub's name) into the served folder `target`.

    `labels` maps every label of the classifier to one of ours, `longest` is in tokens, ends
    included. What was written has been loaded and tried. Raises ExtraMissing, ModelMissing or
    BadModel, which also says that `target` already holds something.
    """
    if target.exists() and any(target.iterdir()):
        raise BadModel(f"{target}: is not empty; name a new folder")
    with needs_extra("torch"):
        from nlp.encoder.classifier import open_classifier
    classifier = open_classifier(str(source), task=task, labels=labels, longest=longest)
    target.mkdir(parents=True, exist_ok=True)
    classifier.tokenizer.no_truncation()
    classifier.tokenizer.no_padding()
    classifier.tokenizer.save(str(target / TOKENIZER))
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "float.onnx"
        write_graph(classifier, whole, outputs=[task])
        feeds = sample_feeds(classifier.tokenizer, longest=classifier.longest)
        round_weights(whole, target / MODEL, feeds=feeds)
    manifest = write_manifest(
        target,
        Manifest(
            name=re.sub(r"[^A-Za-z0-9._-]+", "-", Path(source).name).strip("-._") or "model",
            version=version,
            files={MODEL: "", TOKENIZER: ""},
            tasks={task: Head(labels=classifier.labels)},
            longest=classifier.longest,
            overlap=min(OVERLAP, classifier.longest // 4),
            pad_id=classifier.pad_id,
        ),
    )
    OnnxBackend.load(target, threads=1)
    return manifest


def write_graph(network: nn.Module, target: Path, *, outputs: Sequence[str]) -> None:
    """Traces `network` (input_ids, attention_mask → one tensor an output) into an ONNX file.

    Both axes of the inputs, (texts, tokens) int64, stay open. Raises ExtraMissing or BadModel.
    """
    with needs_extra("torch"):
        import onnx  # noqa: F401 - torch asks for it only half way through
        import torch
    ids = torch.ones(2, 7, dtype=torch.int64)
    both = {0: "texts", 1: "tokens"}
    axes = {"input_ids": both, "attention_mask": both} | {name: {0: "texts"} for name in outputs}
    try:
        with torch.inference_mode(), warnings.catch_warnings():
            # The older tracer needs no further package; it warns of itself and of constants.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                network.eval(),
                (ids, torch.ones_like(ids)),
                str(target),
                input_names=["input_ids", "attention_mask"],
                output_names=list(outputs),
                dynamic_axes=axes,
                opset_version=_OPSET,
                dynamo=False,
            )
    except Exception as error:  # torch's errors share no base but Exception
        raise BadModel(f"{target.name}: the network cannot be traced: {error}") from error
