"""The mood by topic over time: which topic carries the anger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodPost:
    """One post: its topic (None: none fits), its sentiment and emotion where they were read."""

    at: datetime
    topic: int | None
    sentiment: str | None
    emotion: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodBucket:
    """Posts of a topic in [start, start + width), by sentiment and by emotion."""

    start: datetime
    topic: int | None
    posts: int
    sentiments: Mapping[str, int]
    emotions: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """How much of an emotion a topic carries: `of_emotion` is its part of all posts with it,
    `in_topic` the part of its posts that have it, `lift` that against all posts (1: as usual)."""

    topic: int | None
    posts: int
    with_emotion: int
    of_emotion: float
    in_topic: float
    lift: float


def mood_series(
    posts: Iterable[MoodPost], *, since: datetime, until: datetime, width: timedelta
) -> tuple[MoodBucket, ...]:
    """Posts in [since, until) by bucket and topic, in time, topics by number, None last.

    Buckets begin at `since`; those without posts are left out. Raises ValueError for a width that
    is not above nothing.
    """
    if width <= timedelta(0):
        raise ValueError(f"a bucket must be longer than nothing, not {width}")
    found: dict[tuple[int, int | None], list[MoodPost]] = defaultdict(list)
    for post in posts:
        if since <= post.at < until:
            found[(post.at - since) // width, post.topic].append(post)
    return tuple(
        MoodBucket(
            start=since + bucket * width,
            topic=topic,
            posts=len(members),
            sentiments=_counts(post.sentiment for post in members),
            emotions=_counts(post.emotion for post in members),
        )
        for (bucket, topic), members in sorted(found.items(), key=_in_order)
    )


def carriers(posts: Sequence[MoodPost], emotion: str) -> tuple[Carrier, ...]:
    """The topics by how many posts with the emotion they hold, most first; without any, nothing."""
    all_of = Counter(post.topic for post in posts)
    having = Counter(post.topic for post in posts if post.emotion == emotion)
    total = having.total()
    return tuple(
        Carrier(
            topic=topic,
            posts=all_of[topic],
            with_emotion=count,
            of_emotion=round(count / total, 4),
            in_topic=round(count / all_of[topic], 4),
            lift=round((count / all_of[topic]) / (total / len(posts)), 4),
        )
        for topic, count in sorted(having.items(), key=lambda item: (-item[1], _last(item[0])))
    )


def _counts(values: Iterable[str | None]) -> dict[str, int]:
    counts = Counter(value for value in values if value is not None)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _in_order(item: tuple[tuple[int, int | None], object]) -> tuple[int, float]:
    (bucket, topic), _ = item
    return bucket, _last(topic)


def _last(topic: int | None) -> float:
    return float("inf") if topic is None else topic
