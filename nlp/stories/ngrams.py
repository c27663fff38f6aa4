"""A vector of a text without a model: hashed character pairs and triples, for when none is there.

The hashing trick (Weinberger et al. 2009): each n-gram adds one, with a sign of its own, to one of
WIDTH places. The cosine of two such vectors estimates how many n-grams two texts share.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.ngrams import ngram_buckets
from nlp.spread.core_text import core_text

VERSION = "ngrams-1"
WIDTH = 512
_BITS = 20
_ORDERS = (2, 3)
_LONGEST = 2_000


def ngram_vector(normal: str) -> NDArray[np.float32]:
    """(WIDTH,) float32 of unit length for a text in normal form; zeros when it says nothing.

    Quoted chains, links and mentions do not count, nor what follows 2,000 characters.
    """
    buckets = ngram_buckets(core_text(normal)[:_LONGEST], buckets=1 << _BITS, orders=_ORDERS)
    signs = np.where(buckets & 1, 1.0, -1.0)
    places = (buckets >> 1) % WIDTH
    vector = np.bincount(places, weights=signs, minlength=WIDTH).astype(np.float32)
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector
