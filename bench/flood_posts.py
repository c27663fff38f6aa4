"""An endless stream of real posts: some copied, most with words of their own, vectors given.

Vectors are those of the shipped encoder for the real post that a text was made from, turned a
little where the text has words of its own: making them is the encoder's work and not measured.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from nlp import load_analyzer

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
A_SECOND = 5
SERIES = 300
_OWN = 0.7
_TURN = 0.03
_Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Known:
    """Real posts with their vectors, and the version of what made these."""

    texts: Sequence[str]
    vectors: Sequence[_Vector]
    space: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """One post as it comes; `series` is the monitor that takes it."""

    id: str
    at: datetime
    text: str
    vector: _Vector
    series: int


def real_posts(data: Path, *, count: int, seed: int) -> list[str]:
    """Texts of topics/weibo_2020, drawn by seed."""
    with gzip.open(data / "topics" / "weibo_2020.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [orjson.loads(line)["text"] for line in lines]
    return random.Random(seed).sample(texts, k=count)


def known_posts(data: Path, *, count: int, seed: int) -> Known:
    """Real posts, read once by the encoder."""
    texts = real_posts(data, count=count, seed=seed)
    told = zip(texts, load_analyzer().analyze_batch(texts), strict=True)
    pairs = [(text, found) for text, found in told if found.vector is not None]
    return Known(
        [text for text, _ in pairs],
        [found.vector for _, found in pairs if found.vector is not None],
        pairs[0][1].versions["encoder"],
    )


def arrivals(known: Known, *, count: int, seed: int) -> Iterator[Arrival]:
    """Five a second, over the monitors unevenly: the first take most."""
    draw, noise = random.Random(seed), np.random.default_rng(seed)
    for number in range(count):
        place = draw.randrange(len(known.texts))
        text, vector = known.texts[place], known.vectors[place]
        if draw.random() < _OWN:
            text = f"{draw.choice(known.texts)[:12]}{number}{text[:100]}"
            vector = vector + noise.normal(size=len(vector)).astype(np.float32) * _TURN
        yield Arrival(
            id=str(number),
            at=BEGAN + timedelta(seconds=number / A_SECOND),
            text=text,
            vector=vector,
            series=int(SERIES * draw.random() ** 3),
        )
