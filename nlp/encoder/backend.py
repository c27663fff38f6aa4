"""The seam between texts and a model: prepare (Python), infer (the library's threads), finish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.reading import Reading

Outputs = Mapping[str, NDArray[np.float32]]
"""Logits a head (windows, labels) and `vector` (windows, width), one row a window."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A stretch of a text that fits the model: token ids (tokens,) int64, ends included."""

    ids: NDArray[np.int64]

    @property
    def tokens(self) -> int:
        """What it costs."""
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A text cut into windows: one for nearly every post, overlapping ones for a long text."""

    text: str
    windows: tuple[Window, ...]


class Backend(Protocol):
    """A model ready to run. Safe to call from one thread at a time; never changes once loaded."""

    @property
    def version(self) -> str:
        """Changes with the weights, the labels or the calibration."""
        ...

    @property
    def tasks(self) -> frozenset[str]:
        """Which of sentiment, emotion, intent, abuse, scenario, vector it answers."""
        ...

    def prepare(self, texts: Sequence[str]) -> list[Prepared]:
        """Normal forms in, windows out. Any string whatever; an empty one has one window."""
        ...

    def infer(self, windows: Sequence[Window]) -> Outputs:
        """One forward pass over the windows, in order."""
        ...

    def finish(self, prepared: Prepared, outputs: Outputs) -> Reading:
        """The reading of one text from the outputs of its own windows, pooled and calibrated."""
        ...
