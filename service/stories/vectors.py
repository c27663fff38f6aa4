"""Vectors between ingest and the clustering job: in steps, as text, gone with their row."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray

_STEPS = 127


def packed(vector: NDArray[np.float32] | None) -> str | None:
    """The direction of a vector, (width,), as base64 of int8; None for none, or one of zeros."""
    if vector is None:
        return None
    longest = float(np.abs(vector).max(initial=0.0))
    if not longest > 0 or longest == float("inf"):
        return None
    steps = np.rint(vector * (_STEPS / longest)).astype(np.int8)
    return base64.b64encode(steps.tobytes()).decode("ascii")


def unpacked(text: str) -> NDArray[np.float32]:
    """(width,) float32 in the direction of the vector that was packed."""
    return np.frombuffer(base64.b64decode(text), np.int8).astype(np.float32)
