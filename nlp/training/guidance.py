"""What teachers say of every row: soft labels of earlier runs, and bge's sentence vectors.

Each is computed once and kept in the workspace, so that a student's run can be resumed.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import BertModel

from nlp.encoder import OnnxBackend
from nlp.training.corpora import PUBLIC, Row
from nlp.training.fit import padded
from nlp.training.mixture import batches
from nlp.training.network import EMBEDDING
from nlp.training.objective import Guidance
from nlp.training.serving import plain_heads, served_logits, write_served
from nlp.training.workspace import Workspace

_log = logging.getLogger(__name__)
_LONGEST_SENTENCE = 128
_BATCH_TOKENS = 6_000


def guidance(
    space: Workspace, rows: Sequence[Row], teachers: Mapping[str, float], *, sentences_every: int
) -> Guidance:
    """Weighted sums of the teachers' logits, and the vectors of every `sentences_every`-th row.

    Raises BadRecipe when a teacher has not been fitted.
    """
    total: dict[str, np.ndarray] = {}
    for teacher, weight in teachers.items():
        for task, logits in soft_labels(space, teacher, rows).items():
            total[task] = total.get(task, 0.0) + weight * logits.astype(np.float32)
    vectors = sentence_vectors(space, rows, every=sentences_every) if sentences_every else None
    return Guidance(logits=total, vectors=vectors)


def soft_labels(space: Workspace, teacher: str, rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """A run's logits a task, (rows, labels) float16. Raises BadRecipe.

    A teacher fitted anew under the same name needs its `soft-*` files removed.
    """
    path = space.work / teacher / f"soft-{digest(rows)}.npz"
    if not path.exists():
        _log.info("soft labels of %s for %d rows", teacher, len(rows))
        network, tokenizer = space.finished(teacher)
        served = space.work / teacher / "served"
        write_served(
            network, tokenizer, served, name=teacher, version="0", heads=plain_heads(PUBLIC)
        )
        logits = served_logits(OnnxBackend.load(served), [row.text for row in rows])
        _store(path, {task: logits[task].astype(np.float16) for task in PUBLIC})
    with np.load(path) as stored:
        return {task: stored[task] for task in stored.files}


def sentence_vectors(space: Workspace, rows: Sequence[Row], *, every: int) -> np.ndarray:
    """(rows, 512) float16 of unit length, zero where the row was passed over."""
    path = space.work / f"sentences-{digest(rows)}-{every}.npz"
    if not path.exists():
        _log.info("sentence vectors of every %d. of %d rows", every, len(rows))
        vectors = np.zeros((len(rows), EMBEDDING), np.float16)
        chosen = list(range(0, len(rows), every))
        vectors[chosen] = bge_vectors(space, [rows[place].text for place in chosen])
        _store(path, {"vectors": vectors})
    with np.load(path) as stored:
        return stored["vectors"]


def bge_vectors(space: Workspace, texts: Sequence[str]) -> np.ndarray:
    """(texts, 512) float16: the first token's last state, normalised, as bge's own card says."""
    from tokenizers import Tokenizer

    trunk = BertModel.from_pretrained(
        space.bge, add_pooling_layer=False, attn_implementation="eager", dtype=torch.float32
    ).eval()
    tokenizer = Tokenizer.from_file(str(space.bge / "tokenizer.json"))
    tokenizer.enable_truncation(_LONGEST_SENTENCE)
    tokenizer.no_padding()
    encoded = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]
    found = np.zeros((len(texts), EMBEDDING), np.float16)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for places in batches([len(ids) for ids in encoded], tokens=_BATCH_TOKENS, seed=0):
            ids, mask = padded([encoded[place] for place in places], 0)
            first = trunk(ids, attention_mask=mask).last_hidden_state[:, 0].float()
            found[places] = torch.nn.functional.normalize(first, dim=-1).half().numpy()
    return found


def digest(rows: Sequence[Row]) -> str:
    """Eight hexadecimal digits that change with the texts or their order."""
    state = hashlib.blake2b(digest_size=4)
    for row in rows:
        state.update(row.text.encode("utf-8", "surrogatepass") + b"\n")
    return state.hexdigest()


def _store(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    part = path.with_suffix(".part.npz")
    np.savez(part, allow_pickle=False, **arrays)
    part.replace(path)
