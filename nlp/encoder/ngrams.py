"""A linear model on hashed character n-grams, added to the heads' logits: it sees what they do not.

With B the distinct buckets of a text's n-grams (n in `orders`), the head gains

    sum over b in B of row[b] * scale / sqrt(|B|)  +  intercept

a label, times the companion's weight for that head. An n-gram's bucket is the top bits of a 64-bit
polynomial hash of its code points; training and serving call the same `ngram_buckets`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.manifest import Companion
from nlp.errors import BadModel
from nlp.text.encodable import encodable

# Odd multipliers with well mixed bits: the first is 2^64 / golden ratio.
_BASE = 0x9E3779B97F4A7C15
_MIXER = 0xD6E8FEB86659FD93
_WORD = (1 << 64) - 1


def ngram_buckets(text: str, *, buckets: int, orders: Sequence[int]) -> NDArray[np.int64]:
    """Distinct buckets of the character n-grams of `text`, ascending, int64 in [0, buckets).

    `buckets` is a power of two up to 2^32. A text shorter than every order has none. A lone
    surrogate counts as U+FFFD. Raises ValueError on other `buckets` or an order below 1.
    """
    bits = buckets.bit_length() - 1
    if not 1 <= bits <= 32 or buckets != 1 << bits or min(orders, default=1) < 1:
        raise ValueError(f"buckets={buckets} is no power of two up to 2^32, or orders={orders} < 1")
    points = np.frombuffer(encodable(text).encode("utf-32-le"), np.uint32).astype(np.uint64) + 1
    rolling = np.zeros(len(points), np.uint64)
    found = []
    for length in range(1, max(orders, default=0) + 1):
        if length > len(points):
            break
        rolling = rolling[: len(points) - length + 1] * np.uint64(_BASE) + points[length - 1 :]
        if length in orders:
            found.append(_bucket(rolling, length, bits))
    if not found:
        return np.empty(0, np.int64)
    return _distinct(np.concatenate(found))


def _bucket(hashes: NDArray[np.uint64], length: int, bits: int) -> NDArray[np.int64]:
    # The polynomial alone leaves near texts near: fold the high half down, then multiply once more.
    salted = hashes ^ np.uint64(length * _MIXER & _WORD)
    mixed = (salted ^ (salted >> np.uint64(32))) * np.uint64(_MIXER)
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def _distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    # np.unique costs three times as much on arrays of a few hundred.
    numbers.sort()
    return numbers[np.concatenate(([True], numbers[1:] != numbers[:-1]))]


@dataclass(frozen=True, slots=True, eq=False)
class NgramHead:
    """One head: `rows` (buckets, labels) int8; `scale`, `intercept` (labels,) float32."""

    rows: NDArray[np.int8]
    scale: NDArray[np.float32]
    intercept: NDArray[np.float32]

    def log_odds(self, found: NDArray[np.int64]) -> NDArray[np.float32]:
        """(labels,) float32 of the distinct buckets of a text; the intercept alone without any."""
        if not len(found):
            return self.intercept
        total = self.rows[found].sum(0, dtype=np.int32).astype(np.float32)
        odds: NDArray[np.float32] = total * (self.scale / np.float32(math.sqrt(len(found))))
        return odds + self.intercept


@dataclass(frozen=True, slots=True, eq=False)
class NgramModel:
    """The companion of a model: one head for each task it knows, and the task's weight."""

    buckets: int
    orders: tuple[int, ...]
    weights: Mapping[str, float]
    heads: Mapping[str, NgramHead]

    def log_odds(self, text: str) -> dict[str, NDArray[np.float32]]:
        """What to add to the logits of each task, (labels,) float32, its weight included."""
        found = ngram_buckets(text, buckets=self.buckets, orders=self.orders)
        return {
            task: head.log_odds(found) * np.float32(self.weights[task])
            for task, head in self.heads.items()
        }


def read_ngrams(path: Path, *, companion: Companion, labels: Mapping[str, int]) -> NgramModel:
    """The model of an .npz file: arrays `<task>.rows`, `<task>.scale`, `<task>.intercept` a task.

    `labels` gives the number of labels of each task that `companion` weighs. Raises BadModel where
    an array is missing or of another shape or type.
    """
    heads = {}
    try:
        with np.load(path, allow_pickle=False) as arrays:
            for task in companion.weights:
                shapes = {
                    "rows": ((companion.buckets, labels[task]), np.int8),
                    "scale": ((labels[task],), np.float32),
                    "intercept": ((labels[task],), np.float32),
                }
                parts = {}
                for part, (shape, kind) in shapes.items():
                    values = arrays[f"{task}.{part}"]
                    if values.shape != shape or values.dtype != kind:
                        raise BadModel(
                            f"{path}: {task}.{part} is {values.dtype} {values.shape}; "
                            f"expected {np.dtype(kind)} {shape}; export the model again"
                        )
                    parts[part] = values
                heads[task] = NgramHead(**parts)
    except (OSError, KeyError, ValueError) as error:
        raise BadModel(f"{path}: not the n-gram arrays of this manifest: {error}") from error
    return NgramModel(companion.buckets, companion.orders, companion.weights, heads)
