"""Counts of a monitor by scenario and bucket: the series that bursts are looked for in."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta

from service.stores.post_store import Pulse
from service.stores.sqlite_rows import to_micros
from service.stores.sqlite_segments import WHOLE
from service.stores.storable import storable_text

Counted = tuple[int, int, int]
"""Posts, negative ones, angry ones."""

_BUCKETS = (
    "SELECT scenario, (published_at - ?) / ? AS bucket, count(*), total(sentiment = 'negative'), "
    "total(emotion = 'angry') FROM monitor_post "
    "WHERE monitor = ? AND published_at >= ? AND published_at < ? GROUP BY scenario, bucket"
)


def pulses(
    connection: sqlite3.Connection,
    monitor: str,
    *,
    interval: timedelta,
    since: datetime,
    until: datetime,
) -> dict[str | None, Pulse]:
    """Buckets of [since, until) of each segment that has a post in it; under "*" all posts.

    Raises ValueError for an interval of nothing.
    """
    width = interval // timedelta(microseconds=1)
    total = bucket_count(interval, since=since, until=until)
    start = to_micros(since)
    rows = connection.execute(
        _BUCKETS, (start, width, storable_text(monitor), start, to_micros(until))
    )
    found: dict[str | None, dict[int, Counted]] = {}
    for scenario, bucket, posts, negative, angry in rows:
        found.setdefault(scenario, {})[bucket] = (posts, int(negative), int(angry))
    return laid_out(found, buckets=total)


def bucket_count(interval: timedelta, *, since: datetime, until: datetime) -> int:
    """How many buckets begin in [since, until); ValueError for an interval of nothing."""
    if interval <= timedelta(0):
        raise ValueError(f"the interval must be longer than nothing, not {interval}")
    return max(0, -((since - until) // interval))


def laid_out(
    found: Mapping[str | None, Mapping[int, Counted]], *, buckets: int
) -> dict[str | None, Pulse]:
    """The pulse of each segment, and under "*" that of all of them, from the buckets with posts."""
    if not found:
        return {}
    answer: dict[str | None, Pulse] = {}
    whole = [(0, 0, 0)] * buckets
    for scenario, its in found.items():
        rows = [its.get(place, (0, 0, 0)) for place in range(buckets)]
        answer[scenario] = _pulse(rows)
        whole = [(a + d, b + e, c + f) for (a, b, c), (d, e, f) in zip(whole, rows, strict=True)]
    answer[WHOLE] = _pulse(whole)
    return answer


def _pulse(rows: list[Counted]) -> Pulse:
    posts, negative, angry = zip(*rows, strict=True)
    return Pulse(posts=posts, negative=negative, angry=angry)
