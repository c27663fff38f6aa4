"""Character n-grams of a text as buckets of a table, vectorised over its code points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.targeted.slots import GAP

Buckets = NDArray[np.int64]

# Odd 64-bit constants with well mixed bits (of the digits of e), one for each place of an n-gram.
_PLACES = np.array(
    [0xB7E151628AED2A6B, 0xBF7158809CF4F3C7, 0x62E7160F38B4DA57, 0xA784D9045190CFEF],
    dtype=np.uint64,
)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


def ngram_buckets(text: str, *, orders: tuple[int, ...], salt: int, buckets: int) -> Buckets:
    """Distinct, sorted buckets in [0, buckets) of the n-grams of the orders (1 to 4).

    `salt` keeps the n-grams of one view of a post apart from those of another. N-grams that hold a
    GAP are left out.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    gaps = np.flatnonzero(codes == ord(GAP))
    wide = codes.astype(np.uint64)
    found: list[NDArray[np.uint64]] = []
    for order in orders:
        count = len(wide) - order + 1
        if count < 1:
            continue
        # Wraps around at 64 bits, on purpose.
        hashes = np.full(count, salt * 8 + order, dtype=np.uint64) * _MIX
        for place in range(order):
            hashes += (wide[place : place + count] + np.uint64(1)) * _PLACES[place]
        if len(gaps):
            kept = np.ones(count, dtype=np.bool_)
            for place in range(order):
                kept[np.clip(gaps - place, 0, count - 1)] = False
            hashes = hashes[kept]
        found.append(hashes)
    if not found:
        return np.empty(0, dtype=np.int64)
    mixed = np.concatenate(found)
    mixed = (mixed ^ (mixed >> _HALF)) * _MIX
    return np.unique((mixed >> _HALF) % np.uint64(buckets)).astype(np.int64)
