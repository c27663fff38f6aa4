"""The linear model on hashed character n-grams: it sees other things than the network does.

Multinomial logistic regression a task, over the distinct n-grams of a text, each row of unit
length. Trained with the very hashing that the service uses.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.encoder import ngram_buckets
from nlp.training.corpora import LABELS, PUBLIC, UNLABELLED, Row

_log = logging.getLogger(__name__)
BUCKETS = 2**20
ORDERS = (1, 2, 3, 4)
FILE = "ngrams.npz"
_LEAST = 2


def features(texts: Sequence[str]) -> csr_matrix:
    """(texts, BUCKETS) float32; a text's distinct n-grams, each 1/√(their number)."""
    columns = [ngram_buckets(text, buckets=BUCKETS, orders=ORDERS) for text in texts]
    ends = np.cumsum([0, *(len(found) for found in columns)])
    values = np.concatenate(
        [np.full(len(found), 1 / np.sqrt(max(1, len(found))), np.float32) for found in columns]
    )
    return csr_matrix((values, np.concatenate(columns), ends), shape=(len(texts), BUCKETS))


def train(
    rows: Sequence[Row], matrix: csr_matrix, *, strength: float = 8.0
) -> dict[str, np.ndarray]:
    """Weights a task, (labels, BUCKETS + 1), the last column being the intercept."""
    found = {}
    for task in PUBLIC:
        held = [n for n, row in enumerate(rows) if row.task == task and row.label != UNLABELLED]
        gold = [rows[place].label for place in held]
        seen = matrix[held]
        used = np.flatnonzero(seen.getnnz(axis=0))
        model = LogisticRegression(C=strength, max_iter=60, tol=1e-3)
        # A bucket that no row of the task fills would keep its weight of 0.
        model.fit(seen[:, used], gold)
        found[task] = _table(model, used, len(LABELS[task]))
        _log.info("linear %s: %d rows", task, len(held))
    return found


def logits(weights: Mapping[str, np.ndarray], matrix: csr_matrix) -> dict[str, np.ndarray]:
    """(rows, labels) float32 a task."""
    return {
        task: np.asarray(matrix @ table[:, :-1].T + table[:, -1], np.float32)
        for task, table in weights.items()
    }


def _table(model: LogisticRegression, used: np.ndarray, labels: int) -> np.ndarray:
    """(labels, BUCKETS + 1); a label that no row has stays at 0."""
    table = np.zeros((labels, BUCKETS + 1), np.float32)
    columns = np.append(used, BUCKETS)
    rows = np.concatenate([model.coef_, model.intercept_[:, None]], axis=1)
    if len(model.classes_) == 2:
        # Two labels have one row in scikit-learn: half to each side keeps their difference.
        rows = np.concatenate([-rows, rows]) / 2
    table[np.ix_(model.classes_, columns)] = rows
    return table


def save(weights: Mapping[str, np.ndarray], path: Path) -> None:
    """Writes the int8 form that `nlp.encoder.ngrams` reads: rows, scale and intercept a task."""
    arrays: dict[str, np.ndarray] = {}
    for task, table in weights.items():
        rows, intercept = table[:, :-1], table[:, -1]
        # The largest weights are of n-grams in nearly every text; a clipped one costs little.
        scale = np.maximum(np.quantile(np.abs(rows), 0.99999, axis=1), 1e-6) / 127
        rounded = (rows / scale[:, None]).round().clip(-127, 127).astype(np.int8)
        # Three quarters of what is left are of one grid step: without them the file is half as
        # large, and no figure of dev moves by more than its noise.
        rounded[np.abs(rounded) < _LEAST] = 0
        arrays[f"{task}.rows"] = np.ascontiguousarray(rounded.T)
        arrays[f"{task}.scale"] = scale.astype(np.float32)
        arrays[f"{task}.intercept"] = intercept.astype(np.float32)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def rounded_logits(path: Path, matrix: csr_matrix) -> dict[str, np.ndarray]:
    """What the served companion adds before its weight, (rows, labels) float32 a task."""
    with np.load(path) as arrays:
        return {
            task: np.asarray(
                matrix @ arrays[f"{task}.rows"].astype(np.float32) * arrays[f"{task}.scale"]
                + arrays[f"{task}.intercept"],
                np.float32,
            )
            for task in PUBLIC
        }
