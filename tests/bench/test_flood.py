"""The stream of the flood and what is measured on it."""

from __future__ import annotations

import numpy as np
import pytest

from bench.flood import BATCH, Flood
from bench.flood_memory import DETECTORS, slope
from bench.flood_posts import SERIES, Known, arrivals

TEXTS = [f"第{number}家门店今天又排了很长的队，青柚茶卖完了，大家白等一场" for number in range(20)]
KNOWN = Known(
    TEXTS, list(np.random.default_rng(1).normal(size=(20, 16)).astype(np.float32)), "test-space"
)


def test_the_same_seed_brings_the_same_posts_some_of_them_copies() -> None:
    one, two = (list(arrivals(KNOWN, count=200, seed=4)) for _ in range(2))
    assert [post.text for post in one] == [post.text for post in two]
    assert len({post.id for post in one}) == 200
    assert 0 < sum(post.text in TEXTS for post in one) < 200
    assert all(0 <= post.series < SERIES for post in one)


def test_every_part_sees_every_post() -> None:
    flood = Flood(space="test-space")
    for post in arrivals(KNOWN, count=BATCH + 50, seed=4):
        flood.add(post)
    assert set(flood.seconds) == {
        "normal form",
        "words",
        "copy key",
        "copy group",
        "bursts",
        "stories",
    }
    assert len(flood.copies) > 0
    assert len(flood.stories) > 0


@pytest.mark.parametrize("name", ["copies", "cascades", "bursts", "stories"])
def test_a_detector_takes_all_posts(name: str) -> None:
    assert list(DETECTORS[name](KNOWN, 300, 1))[-1] == 300


def test_the_slope_leaves_out_what_comes_before_it_has_settled() -> None:
    rows = [(n * 100_000, 100.0 * n) for n in range(1, 6)]
    rows += [(n * 100_000, 500.0 + n) for n in range(6, 11)]
    assert slope(rows) == pytest.approx(1.0)
