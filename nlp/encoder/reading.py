"""What one forward pass says of a text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.analysis import CategoryScore, Label, ScenarioScore


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """The heads' answers; every score is a calibrated probability. A missing head's is None.

    `scenarios` and `moderation` hold those above their threshold, the strongest first; `vector` is
    the sentence embedding (width,) float32 of unit length.
    """

    sentiment: Label | None = None
    emotion: Label | None = None
    intent: Label | None = None
    abuse: float | None = None
    scenarios: tuple[ScenarioScore, ...] | None = None
    moderation: tuple[CategoryScore, ...] | None = None
    vector: NDArray[np.float32] | None = None
