"""Short posts put together into documents, since a single one is too short to show what goes with
what (Hong & Davison 2010; Mehrotra et al. 2013).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from enum import StrEnum

from nlp.topics.likeness import like_pools
from nlp.topics.post import TopicPost

Document = tuple[int, ...]
"""Places of the posts that make a document, in order."""


class Pooling(StrEnum):
    """What posts of one document share."""

    NONE = "none"
    AUTHOR = "author"
    HOUR = "hour"
    STORY = "story"
    LIKENESS = "likeness"
    """Rare words: the one that needs nothing but the text."""


def pools(posts: Sequence[TopicPost], pooling: Pooling) -> tuple[Document, ...]:
    """The documents, in the order of their first post. A post without the key stands alone."""
    if pooling is Pooling.LIKENESS:
        return like_pools([post.words for post in posts])
    key_of = _KEYS[pooling]
    found: dict[str, list[int]] = {}
    for place, post in enumerate(posts):
        key = key_of(post)
        found.setdefault(f"lone {place}" if key is None else f"key {key}", []).append(place)
    return tuple(tuple(places) for places in found.values())


def _hour(post: TopicPost) -> str | None:
    return None if post.at is None else f"{post.at.astimezone(UTC):%Y%m%d%H}"


_KEYS: dict[Pooling, Callable[[TopicPost], str | None]] = {
    Pooling.NONE: lambda _: None,
    Pooling.AUTHOR: lambda post: post.author,
    Pooling.HOUR: _hour,
    Pooling.STORY: lambda post: post.story,
}
