"""Which topic carries the anger: stored posts held against a version, counted by time and mood."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nlp.topics import (
    Assigned,
    Carrier,
    MoodBucket,
    MoodPost,
    Novelty,
    TopicModel,
    assign,
    carriers,
    content_words,
    mood_series,
    novelty,
)
from service.db import Database
from service.errors import Conflict
from service.stores import PostStore, StoredPost
from service.topics import repository
from service.topics.model import FitState, TopicVersion
from service.topics.reading import newest_posts

MOST_POSTS = 20_000
"""Posts that one question looks at: the newest of its span. Takes some seconds."""
_NEUTRAL = "neutral"
_NEGATIVE = "negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMood:
    """`counted` of `posts` were looked at: all of them, or the newest."""

    posts: int
    counted: int
    buckets: tuple[MoodBucket, ...]
    carriers: tuple[Carrier, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    at: datetime
    words: tuple[str, ...]
    copy_group: str
    sentiment: str | None
    emotion: str | None


class TopicReadings:
    """Answers about a version that is ready. Everything is counted from the posts in the store, so
    what was erased counts no more."""

    def __init__(self, *, database: Database, store: PostStore) -> None:
        self._database = database
        self._store = store

    async def mood(
        self,
        version: TopicVersion,
        *,
        since: datetime,
        until: datetime,
        width: timedelta,
        emotion: str,
        monitor: str | None = None,
    ) -> TopicMood:
        """Posts in [since, until) by bucket, topic, sentiment and emotion, and what carries the
        emotion; of `monitor`, else the version's. Raises Conflict, StoreError."""
        model = await self._model(version)
        read, total = await self._read(version, since=since, until=until, monitor=monitor)
        found = await asyncio.to_thread(assign, model, [item.words for item in read])
        posts = [
            MoodPost(at=item.at, topic=topic, sentiment=item.sentiment, emotion=item.emotion)
            for item, topic in zip(read, _with_copies(read, found), strict=True)
        ]
        return TopicMood(
            posts=total,
            counted=len(posts),
            buckets=mood_series(posts, since=since, until=until, width=width),
            carriers=carriers(posts, emotion),
        )

    async def novelty(self, version: TopicVersion, *, since: datetime, until: datetime) -> Novelty:
        """Whether more of the posts in [since, until) than at the fit have no topic. Raises
        Conflict, StoreError."""
        model = await self._model(version)
        read, _ = await self._read(version, since=since, until=until, monitor=None)
        # One text copied is one new thing, not five hundred.
        words = list(dict.fromkeys(item.words for item in read))
        found = await asyncio.to_thread(assign, model, words)
        findings = version.findings or {}
        return novelty(words, found, expected=findings["unfitting"], vocabulary=model.vocabulary)

    async def _model(self, version: TopicVersion) -> TopicModel:
        async with self._database.read() as connection:
            model = await repository.model(connection, version.number)
        if version.state is not FitState.READY or model is None:
            raise Conflict(f"topics {version.number} are {version.state.value}, not ready")
        return model

    async def _read(
        self, version: TopicVersion, *, since: datetime, until: datetime, monitor: str | None
    ) -> tuple[list[_Read], int]:
        chosen = monitor or version.monitor
        return await newest_posts(
            self._store,
            lambda post: _read_of(post, monitor=chosen),
            monitor=chosen,
            since=since,
            until=until,
            most=MOST_POSTS,
        )


def _read_of(post: StoredPost, *, monitor: str | None) -> _Read:
    """What counts of a post. For a monitor that it spares its bad news is none."""
    emotion = (post.analysis.get("emotion") or {}).get("label")
    sentiment = post.sentiment
    if monitor in post.spared and sentiment == _NEGATIVE:
        sentiment, emotion = _NEUTRAL, _NEUTRAL
    return _Read(
        at=post.published_at,
        words=content_words(post.words),
        copy_group=post.copy_group,
        sentiment=sentiment,
        emotion=emotion,
    )


def _with_copies(read: Sequence[_Read], found: Sequence[Assigned]) -> list[int | None]:
    """The topic of each; who shares a post without a word of content is about what it is about."""
    of_group = {
        item.copy_group: assigned.topic
        for item, assigned in zip(read, found, strict=True)
        if item.copy_group and item.words and assigned.topic is not None
    }
    return [
        assigned.topic if item.words else of_group.get(item.copy_group)
        for item, assigned in zip(read, found, strict=True)
    ]
