"""From a trained network to the folder that the service loads, and what that folder's model says.

Soft labels and calibration are taken from the served int8 graph: what is shipped is what is judged,
and it is four times as fast as the network in bfloat16.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from torch import Tensor, nn

from nlp.encoder import Companion, Head, Manifest, OnnxBackend, write_manifest
from nlp.encoder.export import OVERLAP, write_graph
from nlp.encoder.heads import VECTOR
from nlp.encoder.manifest import MODEL, TOKENIZER
from nlp.encoder.rounding import round_weights
from nlp.encoder.samples import sample_feeds
from nlp.training.corpora import LABELS
from nlp.training.network import EMBEDDING, Network

_CHUNK = 4_000


class _Flat(nn.Module):
    """The network with its answers in a row, as a graph has them."""

    def __init__(self, network: Network, tasks: Sequence[str]) -> None:
        super().__init__()
        self.network = network
        self.tasks = tasks

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        logits, vector = self.network(input_ids, attention_mask)
        return (*(logits[task] for task in self.tasks), vector)


def write_served(
    network: Network,
    tokenizer: Tokenizer,
    target: Path,
    *,
    name: str,
    version: str,
    heads: Mapping[str, Head],
    companion: tuple[Companion, Path] | None = None,
    rounded: bool = True,
) -> Manifest:
    """Writes graph, tokenizer and manifest of the tasks in `heads` into `target`, replacing it.

    `companion` is its entry and the .npz to copy. Without `rounded` the graph stays in float, for
    comparison. Raises BadModel when what was written does not load.
    """
    tasks = list(heads)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    longest = network.config.max_position_embeddings
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / MODEL if rounded else target / MODEL
        write_graph(_Flat(network, tasks), whole, outputs=[*tasks, VECTOR])
        if rounded:
            feeds = sample_feeds(tokenizer, longest=longest)
            round_weights(whole, target / MODEL, feeds=feeds)
    tokenizer.save(str(target / TOKENIZER), pretty=False)
    files = {MODEL: "", TOKENIZER: ""}
    if companion is not None:
        shutil.copyfile(companion[1], target / companion[0].file)
        files[companion[0].file] = ""
    manifest = write_manifest(
        target,
        Manifest(
            name=name,
            version=version,
            files=files,
            tasks=heads,
            longest=longest,
            overlap=min(OVERLAP, longest // 4),
            vector=EMBEDDING,
            pad_id=network.config.pad_token_id,
            companion=companion[0] if companion else None,
        ),
    )
    OnnxBackend.load(target)
    return manifest


def plain_heads(tasks: Sequence[str]) -> dict[str, Head]:
    """Heads that are not calibrated yet."""
    return {task: Head(labels=LABELS[task]) for task in tasks}


def served_logits(backend: OnnxBackend, texts: Sequence[str]) -> dict[str, np.ndarray]:
    """Logits a task and vectors, (texts, width) float32, of uncalibrated heads.

    Windows of a long text are averaged, weighted by their tokens. The companion is not in it.
    """
    # Side by side, texts of like length need little padding.
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    found: dict[str, np.ndarray] = {}
    for start in range(0, len(order), _CHUNK):
        places = order[start : start + _CHUNK]
        prepared = backend.prepare([texts[place] for place in places])
        windows = [window for text in prepared for window in text.windows]
        outputs = backend.infer(windows)
        tokens = np.array([window.tokens for window in windows], np.float32)
        counts = np.array([len(text.windows) for text in prepared])
        ends = np.cumsum(counts) - counts
        share = tokens / np.repeat(np.add.reduceat(tokens, ends), counts)
        for task, rows in outputs.items():
            pooled = np.add.reduceat(rows * share[:, None], ends, axis=0)
            whole = found.setdefault(task, np.zeros((len(texts), pooled.shape[1]), np.float32))
            whole[places] = pooled
    return found
