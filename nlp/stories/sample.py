"""A few distinct texts of a story: to find out whether it is one story, and to stand for it.

Kept are those whose copy group has the lowest hash (bottom-k sampling): every text has the same
chance whenever it came, the sample of two stories together is taken from their samples, and a text
that has left never comes back, so that what is counted of each is all of it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlp.stories.tally import Tally

_STEPS = 127


@dataclass(slots=True, kw_only=True)
class Text:
    """One distinct text, with all its copies.

    `post` is its earliest, `at` that one's time in seconds since 1970. `terms` are the words that
    tell most of it, with their bits. `vector` is its signature in
    steps of 1/127, (width,) int8; None once it was saved: a text's own vector is not kept for ever.
    `nearness` is its cosine with the story when last measured.
    """

    group: str
    post: str
    at: float
    length: int
    tally: Tally = field(default_factory=Tally)
    terms: dict[str, float] = field(default_factory=dict)
    vector: NDArray[np.int8] | None = field(default=None, compare=False, repr=False)
    nearness: float = 0.0

    @property
    def order(self) -> tuple[int, str]:
        """By hash, then by name: the same everywhere."""
        return zlib.crc32(self.group.encode("utf-8", "surrogatepass")), self.group


def quantized(signature: NDArray[np.float32]) -> NDArray[np.int8]:
    """A unit vector in steps of 1/127."""
    return np.rint(signature * _STEPS).astype(np.int8)


def unit_rows(texts: list[Text]) -> NDArray[np.float32]:
    """(texts, width) float32 unit vectors of texts that have one."""
    rows = np.stack([text.vector for text in texts if text.vector is not None]).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = rows / np.maximum(lengths, np.float32(1e-9))
    return unit


def bounded(texts: dict[str, Text], *, most: int) -> None:
    """Leave the `most` texts of the lowest hashes."""
    while len(texts) > most:
        del texts[max(texts.values(), key=lambda text: text.order).group]
