"""Stories as people see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nlp.stories import Phase
from service.stores import StoredPost


class StorySort(StrEnum):
    """Most posts first, those that grow fastest just now, those with the latest post."""

    VOLUME = "volume"
    GROWTH = "growth"
    RECENCY = "recency"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFilter:
    """ANDed: with posts of the monitor, of the source, and in [since, until)."""

    monitor: str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    sort: StorySort = StorySort.GROWTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """Words of a post that stand for the story, with personal information masked."""

    post: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySummary:
    """A story in a list.

    `posts` with every copy, `texts` each once; `pace` in posts an hour, of late ones above all.
    `space` is the version of what made the vectors by which it was found.
    """

    id: str
    phase: Phase
    headline: Caption | None
    terms: tuple[str, ...]
    posts: int
    texts: int
    pace: float
    first_at: datetime
    last_at: datetime
    sources: Mapping[str, int]
    sentiments: Mapping[str, int]
    monitors: Mapping[str, int]
    origin: str | None
    space: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthPoint:
    """Posts published in [start, start + width)."""

    start: datetime
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDetail:
    """One story. `asked` is the id that was asked for: it differs for one that was merged.

    `curve` has no empty buckets; `width` is theirs. `parts` are the stories split from it.
    """

    asked: str
    summary: StorySummary
    first_post: StoredPost | None
    representatives: tuple[StoredPost, ...]
    width: timedelta
    curve: tuple[GrowthPoint, ...]
    parts: tuple[str, ...]
