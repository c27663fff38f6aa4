"""A post as stories see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPost:
    """What is needed of a post to place it; `at` is aware.

    `vector` is the sentence embedding, (width,) float32; those of one `space` (the version of what
    made them) have one width and can be compared. A zero vector or None says nothing. `entities`
    are names (brands, hashtags, titles) and count more than `terms`. `copy_group` names the
    near-duplicates; `shares` is the id of the post that it reposts. `length` is in characters.
    """

    id: str
    at: datetime
    space: str = ""
    vector: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    terms: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    copy_group: str = ""
    shares: str | None = None
    source: str = ""
    sentiment: str | None = None
    monitors: tuple[str, ...] = ()
    length: int = 0
