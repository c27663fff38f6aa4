from __future__ import annotations

import numpy as np
import pytest

from service.stories.vectors import packed, unpacked


def test_the_direction_stays() -> None:
    vector = np.random.default_rng(1).normal(size=512).astype(np.float32) / 30

    text = packed(vector)

    assert text is not None
    back = unpacked(text)
    assert vector @ back / np.linalg.norm(vector) / np.linalg.norm(back) > 0.999


@pytest.mark.parametrize("vector", [None, np.zeros(4), np.full(4, np.nan), np.full(4, np.inf)])
def test_what_has_no_direction_is_none(vector: np.ndarray | None) -> None:
    assert packed(vector) is None
