"""The scheme before: Charikar's 64 bits over character 3-grams, copies from 54 equal bits on."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np

from nlp import normalize
from nlp.spread.core_text import core_text

MIN_CHARACTERS = 16
MAX_DISTANCE = 10


def were_copies(left: str, right: str) -> bool:
    """Whether two texts were copies: equal words, or near fingerprints of 16 letters and more."""
    one, other = (core_text(normalize(text).text) for text in (left, right))
    if not one or not other:
        return False
    if min(len(one), len(other)) < MIN_CHARACTERS:
        return one == other
    return (_fingerprint(one) ^ _fingerprint(other)).bit_count() <= MAX_DISTANCE


@lru_cache(maxsize=100_000)
def _fingerprint(core: str) -> int:
    grams = [core[place : place + 3].encode() for place in range(min(400, len(core) - 2))]
    hashes = b"".join(hashlib.blake2b(gram, digest_size=8).digest() for gram in grams)
    bits = np.unpackbits(np.frombuffer(hashes, np.uint8)).reshape(len(grams), 64).sum(axis=0)
    return int.from_bytes(np.packbits(bits * 2 > len(grams)).tobytes(), "big")
