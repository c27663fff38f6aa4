"""Any number of stored posts in the shape of real ones: a corpus multiplied by small edits."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from bench.drawn_post import Wording, drawn_post
from nlp.spread.near_duplicate import copy_key
from nlp.text import JiebaTokenizer, normalize
from service.stores.post_store import StoredPost

START = datetime(2026, 1, 1, tzinfo=UTC)
POSTS_AN_HOUR = 500
"""At every size the same: a tick looks at as many posts in a store of 10,000 and of a million."""
_BASES = 20_000
_COPIES = 0.3
"""Share of posts that are copies to the letter."""


def bases(corpus: Path, *, count: int = _BASES) -> list[Wording]:
    """The first texts of a JSONL corpus, gzip."""
    tokenizer = JiebaTokenizer()
    found = []
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = orjson.loads(line)["text"]
            normal = normalize(text).text
            words = tuple(dict.fromkeys(tokenizer.tokens(normal)))
            found.append(Wording(text, normal, words, copy_key(normal)))
            if len(found) == count:
                break
    return found


def real_posts(
    texts: list[Wording], *, first: int, count: int, seed: int = 7
) -> Iterator[StoredPost]:
    """Posts number `first` and following, at a steady rate; the same ones for the same seed."""
    for number in range(first, first + count):
        rng = random.Random(f"{seed}:{number}")
        wording = _edited(rng, rng.choice(texts), rng.choice(texts))
        yield drawn_post(
            rng,
            wording,
            number=number,
            published_at=START + timedelta(hours=number / POSTS_AN_HOUR),
            author=int(rng.paretovariate(0.6)),
            analysis=_analysis(rng, wording.words),
        )


def _edited(rng: random.Random, base: Wording, other: Wording) -> Wording:
    """A copy to the letter, or one with a few characters of another text behind it."""
    if rng.random() <= _COPIES:
        return base
    edit = other.normal[: rng.randint(2, 12)]
    normal = f"{base.normal} {edit}"
    return Wording(
        text=f"{base.text} {edit}",
        normal=normal,
        words=tuple(dict.fromkeys((*base.words, *other.words[:2]))),
        key=copy_key(normal),
    )


def _analysis(rng: random.Random, words: tuple[str, ...]) -> Mapping[str, Any]:
    """As long as those of the analyser."""
    scores = {"negative": round(rng.random(), 4), "neutral": 0.2, "positive": 0.1}
    term = words[0] if words else ""
    hit = {"term": term, "category": "complaint", "severity": 2, "start": 0, "end": 2}
    return {
        "sentiment": {"label": "neutral", "scores": scores},
        "emotion": {"label": "anger", "scores": scores},
        "intent": {"label": "complain", "scores": scores},
        "abuse": {"score": round(rng.random(), 4)},
        "hits": [hit] * rng.randint(0, 3),
        "patterns": [],
        "versions": {"lexicon": "a" * 16, "normalizer": "1", "encoder": "b" * 16},
    }
