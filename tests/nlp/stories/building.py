"""Posts for stories: directions instead of sentences, so that a test says what is near to what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.lexicon.background import Background
from nlp.stories import Changes, Merge, Stories, StoryLimits, StoryPost, StoryRules

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
WIDTH = 128
SMALL = StoryLimits(stories=128, posts=500, block=16, review_every=32)


def direction(subject: int, *, spread: float = 0.0, seed: int = 0) -> NDArray[np.float32]:
    """The direction of a subject, with some of its own."""
    rng = np.random.default_rng([subject, seed])
    vector = np.random.default_rng([subject]).normal(size=WIDTH)
    vector = vector / np.linalg.norm(vector) + spread * rng.normal(size=WIDTH) / WIDTH**0.5
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def about(subject: int, number: int, *, minutes: float | None = None, **changes: Any) -> StoryPost:
    """Post `number` about a subject, that many minutes after START unless told otherwise."""
    values: dict[str, Any] = {
        "id": f"p{number}",
        "at": START + timedelta(minutes=number if minutes is None else minutes),
        "space": "test",
        "vector": direction(subject, spread=0.3, seed=number),
        "terms": (*(f"词{subject}.{place}" for place in range(4)), f"独{number}"),
        "copy_group": f"g{number}",
        "source": "weibo",
        "sentiment": "negative",
        "monitors": ("tea",),
        "length": 40,
    }
    return StoryPost(**values | changes)


def fresh(limits: StoryLimits = SMALL, rules: StoryRules | None = None) -> Stories:
    """Stories that know of no ordinary posts."""
    return Stories(rules=rules, limits=limits, background=Background(posts=46_372, counts={}))


def add(stories: Stories, posts: Iterable[StoryPost]) -> Changes:
    """One batch, when its latest post is published."""
    batch = list(posts)
    return stories.add(batch, now=max(post.at for post in batch))


def homes(changes: Changes) -> dict[str, str | None]:
    """Where the posts of one batch are in the end."""
    into = {item.gone.id: item.into.id for item in changes.regroupings if isinstance(item, Merge)}
    found = {}
    for placement in changes.placements:
        home = placement.story
        while home in into:
            home = into[home]
        found[placement.post] = home
    return found
