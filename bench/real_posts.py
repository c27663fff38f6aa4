"""Any number of stored posts in the shape of real ones: a corpus multiplied by small edits."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from nlp import CopyKey
from nlp.spread.near_duplicate import copy_key
from nlp.text import JiebaTokenizer, normalize, search_tokens
from service.stores.post_store import StoredPost

START = datetime(2026, 1, 1, tzinfo=UTC)
POSTS_AN_HOUR = 500
"""At every size the same: a tick looks at as many posts in a store of 10,000 and of a million."""
MONITORS = tuple(f"monitor_{number}" for number in range(20))
_BASES = 20_000
_COPIES = 0.3
"""Share of posts that are copies to the letter."""
_SCENARIOS = ("product_quality", "safety_incident", "pricing_refunds", None, None, None, None, None)
_CATEGORIES = ("complaint", "quality_defect", "refund_refusal", "regulator", "media_exposure")


@dataclass(frozen=True, slots=True)
class Base:
    """A real text, read once."""

    text: str
    normal: str
    words: tuple[str, ...]
    key: CopyKey


def bases(corpus: Path, *, count: int = _BASES) -> list[Base]:
    """The first texts of a JSONL corpus, gzip."""
    tokenizer = JiebaTokenizer()
    found = []
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = orjson.loads(line)["text"]
            normal = normalize(text).text
            words = tuple(dict.fromkeys(tokenizer.tokens(normal)))
            found.append(Base(text, normal, words, copy_key(normal)))
            if len(found) == count:
                break
    return found


def real_posts(texts: list[Base], *, first: int, count: int, seed: int = 7) -> Iterator[StoredPost]:
    """Posts number `first` and following, at a steady rate; the same ones for the same seed."""
    for number in range(first, first + count):
        rng = random.Random(f"{seed}:{number}")
        base, other = rng.choice(texts), rng.choice(texts)
        text, normal, key, words = base.text, base.normal, base.key, base.words
        if rng.random() > _COPIES:
            edit = other.normal[: rng.randint(2, 12)]
            text, normal = f"{text} {edit}", f"{normal} {edit}"
            words = tuple(dict.fromkeys((*words, *other.words[:2])))
            shift = rng.getrandbits(64) & rng.getrandbits(64) & rng.getrandbits(64)
            simhash = key.simhash ^ shift
            bands = tuple(f"{band}:{simhash >> (16 * band) & 0xFFFF:04x}" for band in range(4))
            key = CopyKey(exact=f"{rng.getrandbits(96):024x}", simhash=simhash, bands=bands)
        scenario = rng.choice(_SCENARIOS)
        published_at = START + timedelta(hours=number / POSTS_AN_HOUR)
        yield StoredPost(
            id=f"{rng.getrandbits(96):024x}",
            source=rng.choice(("weibo", "xiaohongshu", "appstore", "news:example")),
            native_id=str(number),
            via="push",
            channel=rng.choice(("social", "social", "social", "news")),
            published_at=published_at,
            fetched_at=published_at + timedelta(seconds=30),
            stored_at=published_at + timedelta(seconds=31),
            text=text,
            content_hash=f"{rng.getrandbits(96):024x}",
            author=f"au_{int(rng.paretovariate(0.6)):020x}",
            followers=int(min(rng.paretovariate(0.8), 10**6)) * 20,
            verified=rng.random() < 0.05,
            reposts=rng.randint(0, 40),
            comments=rng.randint(0, 40),
            likes=rng.randint(0, 400),
            lang="zh",
            monitors=tuple(sorted(rng.sample(MONITORS, k=rng.choice((1, 1, 1, 2))))),
            sentiment=rng.choice(("negative", "neutral", "positive")),
            severity=rng.choice((0, 0, 0, 1, 2, 3, 4)) if scenario else 0,
            scenario=scenario,
            categories=tuple(rng.sample(_CATEGORIES, k=rng.randint(0, 2))) if scenario else (),
            copy_group=key.exact or f"{number}",
            copy_bands=key.bands,
            simhash=key.simhash,
            search_tokens=search_tokens(normal),
            words=words,
            analysis=_analysis(rng, words),
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
