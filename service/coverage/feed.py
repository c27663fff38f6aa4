"""A feed: what coverage is about. A configured source, or a platform whose posts are pushed to us.

A pusher that dies is as silent as a source that is blocked, so both are watched the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawlers import Post
from service.coverage.condition import Condition, Sight
from service.ids import stable_id

CANARY = "fengsui-canary"
"""The hidden source, monitor and platform of the synthetic post that walks the whole path. No
catalogue has it, and no list, count or metric of people's posts knows it."""
PUSH = "push"
REPLAY = "replay"
HANDED = frozenset({PUSH, REPLAY})
"""The `via` of posts that nobody pulled: such feeds are called `via:platform`."""
LONGEST = 100
MOST_NAMED = 20
"""Platforms or channels that are kept of one feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed with what is thought of it. `known_since` is when it was first pulled or heard of,
    `gone_at` when its source was deleted: such feeds are kept for the gaps that they had.
    `incident_id` is the incident of its darkness, which other feeds may share."""

    id: str
    pushed: bool
    platforms: tuple[str, ...]
    channels: tuple[str, ...]
    known_since: datetime
    last_post_at: datetime | None
    last_pull_at: datetime | None
    condition: Condition
    gone_at: datetime | None = None
    incident_id: str | None = None

    @property
    def name(self) -> str:
        """What people call it: the source's id, or the platform that is pushed to us."""
        return self.id.partition(":")[2] if self.pushed else self.id

    @property
    def label(self) -> str:
        """Its name in metrics, where nothing may stand that a stranger can make up."""
        return self.id.partition(":")[0] if self.pushed else self.id

    @property
    def is_replayed(self) -> bool:
        """Whether it is a recording: its end is no silence."""
        return self.pushed and self.label == REPLAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A spell in which a feed could not be seen; `until` is None while it lasts."""

    feed_id: str
    sight: Sight
    detail: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A new post on its way: when each stage was done with it. `fetched_at` is when it came in."""

    post: Post
    fetched_at: datetime
    analysed_at: datetime
    stored_at: datetime


def feed_of(via: str, platform: str) -> str:
    """The id of the feed that brought a post."""
    if via not in HANDED:
        return via
    short = platform if len(platform) <= LONGEST else stable_id("platform", platform)
    return f"{via}:{short}"
