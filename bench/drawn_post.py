"""A stored post drawn at random around a wording: where, by whom, how heard and how judged."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nlp import CopyKey
from nlp.spread.sketch import BANDS
from nlp.text import search_tokens
from service.stores.post_store import StoredPost

MONITORS = tuple(f"monitor_{number}" for number in range(20))
_SCENARIOS = ("product_quality", "safety_incident", "pricing_refunds", None, None, None, None, None)
_CATEGORIES = ("complaint", "quality_defect", "refund_refusal", "regulator", "media_exposure")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text, read once."""

    text: str
    normal: str
    words: tuple[str, ...]
    key: CopyKey


def drawn_post(
    rng: random.Random,
    wording: Wording,
    *,
    number: int,
    published_at: datetime,
    author: int,
    analysis: Mapping[str, Any],
) -> StoredPost:
    """Post number `number`, of a wording, by an author; everything else is drawn from `rng`."""
    scenario = rng.choice(_SCENARIOS)
    return StoredPost(
        id=_hexadecimal(rng),
        source=rng.choice(("weibo", "xiaohongshu", "appstore", "news:example")),
        native_id=str(number),
        via="push",
        channel=rng.choice(("social", "social", "social", "news")),
        published_at=published_at,
        fetched_at=published_at + timedelta(seconds=30),
        stored_at=published_at + timedelta(seconds=31),
        text=wording.text,
        content_hash=_hexadecimal(rng),
        author=f"au_{author:020x}",
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
        copy_group=wording.key.exact or str(number),
        copy_bands=wording.key.bands,
        simhash=wording.key.simhash,
        search_tokens=search_tokens(wording.normal),
        words=wording.words,
        analysis=analysis,
    )


def drawn_key(rng: random.Random, simhash: int) -> CopyKey:
    """The key of a text that nothing is a copy of, with that simhash and as many bands as texts
    have."""
    bands = tuple(f"{rng.getrandbits(40):010x}" for _ in range(BANDS))
    return CopyKey(exact=_hexadecimal(rng), simhash=simhash, bands=bands)


def _hexadecimal(rng: random.Random) -> str:
    return f"{rng.getrandbits(96):024x}"
