"""What was learnt of words and spaces, as it is kept."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

WORDS = "words"
"""The name of the counts of words; spaces have names of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """`values` are float32, little endian, deflated; `seen` says of how many texts they speak."""

    name: str
    seen: float
    values: bytes = field(repr=False)


def packed(name: str, *, seen: float, values: NDArray[np.float32]) -> Knowledge:
    """Numbers (any,) as they are kept."""
    return Knowledge(name=name, seen=seen, values=zlib.compress(values.astype("<f4").tobytes(), 1))


def unpacked(knowledge: Knowledge) -> NDArray[np.float32]:
    """The numbers, (any,) float32."""
    return np.frombuffer(zlib.decompress(knowledge.values), "<f4").astype(np.float32)
