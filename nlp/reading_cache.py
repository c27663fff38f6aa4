"""Readings already made, by normal form and backend: reposts need the model once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from nlp.batching import Observe, unobserved
from nlp.encoder.reading import Reading

HIT = "cache_hit"
MISS = "cache_miss"
ENTRIES = 4_096
"""About 3 kB each with a vector of 512: 12 MB."""
_Kept = tuple[Reading, NDArray[np.float16] | None]


class ReadingCache:
    """The readings last used, at most `entries`; 0 keeps none. Safe to call from any thread."""

    def __init__(self, *, entries: int = ENTRIES, observe: Observe = unobserved) -> None:
        """`observe` is told HIT or MISS with 1, on the thread that looked."""
        self._most = entries
        self._observe = observe
        self._readings: OrderedDict[tuple[str, bytes], _Kept] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._readings)

    def get(self, normal: str, *, version: str) -> Reading | None:
        """The reading of a normal form by the backend of that version, if it is still here."""
        key = _key(normal, version)
        with self._lock:
            found = self._readings.get(key)
            if found is not None:
                self._readings.move_to_end(key)
        self._observe(MISS if found is None else HIT, 1)
        return None if found is None else _unpacked(found)

    def put(self, normal: str, reading: Reading, *, version: str) -> Reading:
        """Keeps a reading; the answer is what `get` will say, with the vector rounded to half."""
        kept = _packed(reading)
        key = _key(normal, version)
        with self._lock:
            self._readings[key] = kept
            self._readings.move_to_end(key)
            while len(self._readings) > self._most:
                self._readings.popitem(last=False)
        return _unpacked(kept)


def _key(normal: str, version: str) -> tuple[str, bytes]:
    content = normal.encode("utf-8", "surrogatepass")
    return version, hashlib.blake2b(content, digest_size=16).digest()


def _packed(reading: Reading) -> _Kept:
    vector = reading.vector
    half = None if vector is None else vector.astype(np.float16)
    return replace(reading, vector=None), half


def _unpacked(kept: _Kept) -> Reading:
    reading, half = kept
    return reading if half is None else replace(reading, vector=half.astype(np.float32))
