"""Pools of posts that share their rarer words: neighbours by cosine of tf-idf, block by block."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.topics.vocabulary import MOST_SHARE_OF_FEW

BLOCK = 4_000
"""Posts compared with one another: those beside them in the stream. Cost and memory by post stay
the same however many there are."""
NEIGHBOURS = 30
LEAST = 0.1
"""Cosine from which a post is a neighbour."""
_MOST_SHARE = 0.1
"""A word in more of a block's posts makes none of them alike, and costs most of the time."""
_SMALL = 1_000
"""Posts of a block below which a word of one theme may stand in more of them."""


def like_pools(posts: Sequence[Sequence[str]]) -> tuple[tuple[int, ...], ...]:
    """Each post that no earlier pool covers, with up to NEIGHBOURS posts of its block like it.

    A post may be in several pools; every post is in one.
    """
    found: list[tuple[int, ...]] = []
    for start in range(0, len(posts), BLOCK):
        block = posts[start : start + BLOCK]
        found += [tuple(start + place for place in pool) for pool in _block_pools(block)]
    return tuple(found)


def _block_pools(block: Sequence[Sequence[str]]) -> list[list[int]]:
    vectors = _vectors(block)
    if vectors is None:
        return [[place] for place in range(len(block))]
    covered = np.zeros(len(block), dtype=bool)
    found = []
    for place in range(len(block)):
        if covered[place]:
            continue
        row = (vectors @ vectors[place].T).toarray().ravel()
        pool = sorted({place, *_nearest(row)})
        covered[pool] = True
        found.append(pool)
    return found


def _nearest(row: NDArray[np.float32]) -> list[int]:
    alike = np.flatnonzero(row >= LEAST)
    # Stable, so that equal ones come in the order of the stream.
    best = alike[np.argsort(-row[alike], kind="stable")[: NEIGHBOURS + 1]]
    return [int(place) for place in best]


def _vectors(block: Sequence[Sequence[str]]) -> Any:
    """Rows of unit length, sparse; None where no two posts share a word that tells something."""
    # Here and not above: no command that fits nothing loads scipy.
    from scipy.sparse import csr_matrix

    posts_with = Counter(word for words in block for word in set(words))
    share = _MOST_SHARE if len(block) >= _SMALL else MOST_SHARE_OF_FEW
    most = max(2.0, share * len(block))
    ids = {
        word: place
        for place, word in enumerate(w for w, posts in posts_with.items() if 2 <= posts <= most)
    }
    if not ids:
        return None
    weights: list[float] = []
    columns: list[int] = []
    ends = [0]
    for words in block:
        known = sorted({ids[word] for word in words if word in ids})
        rarity = _rarities(words, ids, posts_with, of=len(block))
        weights += [rarity[column] for column in known]
        columns += known
        ends.append(len(columns))
    return csr_matrix(
        (np.asarray(weights, dtype=np.float32), columns, ends), shape=(len(block), len(ids))
    )


def _rarities(
    words: Sequence[str], ids: dict[str, int], posts_with: Counter[str], *, of: int
) -> dict[int, float]:
    """tf-idf of a post's known words by column, of unit length together."""
    raw = {ids[word]: math.log(of / posts_with[word]) for word in words if word in ids}
    norm = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
    return {column: weight / norm for column, weight in raw.items()}
