"""The post: what a source brings, before anybody has read it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    """Where the public meets the brand; `owned` are the brand's own accounts."""

    SOCIAL = "social"
    IN_APP = "in_app"
    THIRD_PARTY = "third_party"
    NEWS = "news"
    CHAT_GROUP = "chat_group"
    OWNED = "owned"


@dataclass(frozen=True, slots=True)
class PostKey:
    """What makes two deliveries the same post."""

    source: str
    native_id: str

    @property
    def id(self) -> str:
        """The post's stable id: 24 hex digits of SHA-256 over source and native id."""
        raw = f"{self.source}\x1f{self.native_id}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(raw).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote it, as the source names them. `id` and `name` never reach a store unencrypted."""

    id: str
    name: str | None = None
    followers: int | None = None
    verified: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """Counters at the time of the fetch; None where the source gives none."""

    reposts: int | None = None
    comments: int | None = None
    likes: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One public post or review. Instants are aware UTC; `rating` is 1 to 5 stars."""

    source: str
    native_id: str
    published_at: datetime
    text: str
    title: str | None = None
    url: str | None = None
    author: Author | None = None
    engagement: Engagement = field(default_factory=Engagement)
    parent_id: str | None = None
    repost_of: str | None = None
    rating: float | None = None
    lang: str | None = None
    channel: Channel = Channel.SOCIAL
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> PostKey:
        return PostKey(self.source, self.native_id)

    @property
    def id(self) -> str:
        return self.key.id

    @property
    def shared_id(self) -> str | None:
        """The id that the post which this one shares has, or would have; None for an original."""
        return PostKey(self.source, self.repost_of).id if self.repost_of else None

    @property
    def content_hash(self) -> str:
        """Changes when the words change, not when the counters do."""
        parts = (self.title or "", self.text, "" if self.rating is None else str(self.rating))
        raw = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hashlib.sha256(raw).hexdigest()[:24]
