"""Where learning begins: documents parted by k-means, instead of topics made of noise.

From noise, online learning of short texts ends in topics that mix several things; from clusters it
does not (figures in docs/topics.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.topics.vocabulary import Counts

_ROUNDS = 15


def first_topics(
    documents: Sequence[Counts], *, words: int, topics: int, seed: int
) -> NDArray[np.float32]:
    """(topics, words): the words of the documents of each cluster, summed.

    Spherical k-means on tf-idf, begun as k-means++ does (Arthur & Vassilvitskii 2007). Drawn with
    the seed; the same input gives the same output.
    """
    counts, vectors = _matrices(documents, words)
    random = np.random.RandomState(seed)
    centres = np.asarray(vectors[_seeds(vectors, topics, random)].todense())
    members = None
    for _ in range(_ROUNDS):
        nearest = np.asarray(vectors @ centres.T).argmax(axis=1)
        members = _membership(nearest, topics)
        summed = np.asarray((members @ vectors).todense())
        length = np.linalg.norm(summed, axis=1, keepdims=True)
        # A cluster that lost all of its documents stays where it was.
        centres = np.where(length > 0, summed / np.maximum(length, 1e-12), centres)
    summed_counts: NDArray[np.float32] = np.asarray((members @ counts).todense(), dtype=np.float32)
    return summed_counts


def _matrices(documents: Sequence[Counts], words: int) -> tuple[Any, Any]:
    """Counts, and tf-idf of unit length, both sparse (documents, words)."""
    from scipy.sparse import csr_matrix, diags

    columns = [word for document in documents for word, _ in document]
    times = np.asarray([count for document in documents for _, count in document], np.float32)
    ends = np.cumsum([0, *map(len, documents)])
    shape = (len(documents), words)
    counts = csr_matrix((times, columns, ends), shape=shape)
    holding = np.bincount(columns, minlength=words)
    rarity = np.log((1 + len(documents)) / (1 + holding)).astype(np.float32)
    vectors = csr_matrix((np.log1p(times), columns, ends), shape=shape) @ diags(rarity)
    length = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    return counts, (diags(1 / np.where(length > 0, length, 1)) @ vectors).tocsr()


def _seeds(vectors: Any, topics: int, random: np.random.RandomState) -> list[int]:
    """Documents far from one another."""
    documents = vectors.shape[0]
    chosen = [int(random.randint(documents))]
    closest = np.zeros(documents)
    while len(chosen) < topics:
        likeness = np.asarray((vectors @ vectors[chosen[-1]].T).todense(), np.float64).ravel()
        closest = np.maximum(closest, likeness)
        far = np.clip(1 - closest, 0, None) ** 2
        if far.sum() <= 1e-9:  # fewer different documents than topics: any will do
            far = np.ones(documents)
        chosen.append(int(random.choice(documents, p=far / far.sum())))
    return chosen


def _membership(nearest: NDArray[np.int64], topics: int) -> Any:
    """(topics, documents), sparse: 1 where a document is in a cluster."""
    from scipy.sparse import csr_matrix

    ones = np.ones(len(nearest), dtype=np.float32)
    return csr_matrix((ones, (nearest, np.arange(len(nearest)))), shape=(topics, len(nearest)))
