"""What an hour usually brings: the series of each segment, built from the store and followed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from service.monitoring.series import BUCKET, HOUR_BUCKETS, Burst, Series
from service.stores.post_store import PostStore, Pulse, Segment

HOUR = timedelta(hours=1)
WEEKS = timedelta(weeks=2)
"""Series begin with the Monday two weeks before that of this week, so that a restart, which builds
them from the store, comes to the same scores; each Monday they are built anew."""
SPAN_H = 14 * 24
"""Hours whose counts are kept to be shown."""
_NEAR_HOURS = 1
_ENOUGH = 5
_DAY_H = 24
_ENOUGH_DAYS = 3
_LATE = timedelta(hours=3)
"""So long after it ended a bucket may still change, since posts come late."""
_LONG = 500
"""Buckets after which others may run."""
_TICK = timedelta(seconds=1)
WHOLE = "*"
"""The segment of all posts of a monitor."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = ""
"""The segment of a scenario that has had no post yet."""


@dataclass(frozen=True, slots=True)
class History:
    """Counts of comparable closed hours, oldest first, and how many hours there are in all.

    `usual_day` is the median of the days before the last 24 hours: posts, negative and angry ones;
    None below `_ENOUGH_DAYS`.
    """

    posts: tuple[int, ...] = ()
    negative: tuple[int, ...] = ()
    angry: tuple[int, ...] = ()
    length_h: int = 0
    usual_day: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What one segment's hour is held against, and what that says of it."""

    posts: Burst = field(default_factory=Burst)
    negative: Burst = field(default_factory=Burst)
    angry: Burst = field(default_factory=Burst)
    history: History = field(default_factory=History)


@dataclass(slots=True)
class _Segment:
    """The three series of a segment, and its settled hours: posts, negative and angry ones."""

    posts: Series
    negative: Series
    angry: Series
    hours: deque[tuple[int, int, int]] = field(default_factory=lambda: deque(maxlen=SPAN_H))


@dataclass(slots=True)
class _Watched:
    """A monitor's segments, settled up to `settled`; `ahead` are the buckets from `until` on."""

    start: datetime
    settled: datetime
    until: datetime
    segments: dict[str, _Segment]
    ahead: Mapping[str | None, Pulse] = field(default_factory=dict)


class Baselines:
    """The series of every monitor that is looked at, as long as the process lives."""

    def __init__(self, store: PostStore, timezone: ZoneInfo) -> None:
        """Hours and days are those of `timezone`."""
        self._store = store
        self._timezone = timezone
        self._watched: dict[str, _Watched] = {}

    def forget(self, monitor: str) -> None:
        """Build a monitor's series anew: a back-fill has changed the past."""
        self._watched.pop(monitor, None)

    async def follow(self, monitor: str, *, since: datetime, now: datetime) -> None:
        """Take in what the store holds up to `now`; `since` is the monitor's first post.

        Buckets count that lie wholly before the last ten minutes; those are judged as a whole by
        `baseline`, which answers for this instant.
        """
        start = self._start(since, now)
        # Put back when all of it has been followed: half of it would not know that it is half.
        watched = self._watched.pop(monitor, None)
        if watched is None or watched.start != start:
            first = [Series.before(self._local(start)) for _ in range(3)]
            segments = {_NOTHING: _Segment(first[0], first[1], first[2])}
            watched = _Watched(start=start, settled=start, until=start, segments=segments)
        watched.until = max(watched.settled, _floored(now - BUCKET, BUCKET))
        settled = max(watched.settled, _floored(watched.until - _LATE, HOUR))
        pulses = await self._store.pulses(
            monitor, interval=BUCKET, since=watched.settled, until=now + _TICK
        )
        closed = (watched.until - watched.settled) // BUCKET
        settle = (settled - watched.settled) // BUCKET
        for name in pulses:
            if name is not None and name not in watched.segments:
                watched.segments[name] = deepcopy(watched.segments[_NOTHING])
        starts = [self._local(watched.settled + place * BUCKET) for place in range(closed)]
        nothing = (0,) * closed
        for name, segment in watched.segments.items():
            pulse = pulses.get(name)
            for series, counts in (
                (segment.posts, pulse.posts if pulse else nothing),
                (segment.negative, pulse.negative if pulse else nothing),
                (segment.angry, pulse.angry if pulse else nothing),
            ):
                series.follow(counts[:closed], starts=starts, settle=settle)
                if closed > _LONG:
                    await asyncio.sleep(0)
            segment.hours.extend(_by_hour(pulse, settle))
        watched.settled = settled
        watched.ahead = {
            name: Pulse(
                posts=pulse.posts[closed:],
                negative=pulse.negative[closed:],
                angry=pulse.angry[closed:],
            )
            for name, pulse in pulses.items()
        }
        self._watched[monitor] = watched

    def baseline(
        self, monitor: str, scenario: str, *, hour: Segment, latest: Segment, now: datetime
    ) -> Baseline:
        """Of one segment, after `follow`; `hour` and `latest` are its last hour and ten minutes."""
        watched = self._watched[monitor]
        segment = watched.segments.get(scenario) or watched.segments[_NOTHING]
        ahead = watched.ahead.get(scenario) or Pulse(posts=(), negative=(), angry=())

        def burst(series: Series, counts: Sequence[int], of_hour: int, of_latest: int) -> Burst:
            return series.burst(
                counts,
                since=self._local(watched.until),
                hour=of_hour,
                latest=of_latest,
                now=self._local(now),
            )

        return Baseline(
            posts=burst(segment.posts, ahead.posts, hour.posts, latest.posts),
            negative=burst(segment.negative, ahead.negative, hour.negative, latest.negative),
            angry=burst(segment.angry, ahead.angry, hour.angry, latest.angry),
            history=_history(watched, segment, now),
        )

    def _start(self, since: datetime, now: datetime) -> datetime:
        """The hour of the first post, or the Monday from which series are built."""
        local = self._local(now)
        monday = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
            days=local.weekday()
        )
        return _floored(max(since, (monday - WEEKS).astimezone(UTC)), HOUR)

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(self._timezone)


def _history(watched: _Watched, segment: _Segment, now: datetime) -> History:
    """Hours of the same time of day (± 1 h) once there are enough of them, all before that."""
    closed = [segment.posts.counts, segment.negative.counts, segment.angry.counts]
    newest = [_sums(counts) for counts in closed]
    rows = [*segment.hours, *zip(*newest, strict=True)]
    current = _floored(now, HOUR)
    since = (current - watched.settled) // HOUR + len(segment.hours)
    near = [row for place, row in enumerate(rows) if (since - place + 1) % 24 <= 2 * _NEAR_HOURS]
    chosen = near if len(near) >= _ENOUGH else rows
    return History(
        posts=tuple(row[0] for row in chosen),
        negative=tuple(row[1] for row in chosen),
        angry=tuple(row[2] for row in chosen),
        length_h=min(SPAN_H, (current - watched.start) // HOUR),
        usual_day=_usual_day(rows),
    )


def _usual_day(rows: Sequence[tuple[int, ...]]) -> tuple[float, float, float] | None:
    """The median: one crisis among the days must not make the next one look usual."""
    before = rows[len(rows) % _DAY_H : -_DAY_H]
    if len(before) < _ENOUGH_DAYS * _DAY_H:
        return None
    days = [
        [sum(counts) for counts in zip(*before[start : start + _DAY_H], strict=True)]
        for start in range(0, len(before), _DAY_H)
    ]
    posts, negative, angry = (median(counts) for counts in zip(*days, strict=True))
    return posts, negative, angry


def _by_hour(pulse: Pulse | None, settle: int) -> list[tuple[int, int, int]]:
    """The settled buckets by hour."""
    if pulse is None:
        return [(0, 0, 0)] * (settle // HOUR_BUCKETS)
    each = (pulse.posts, pulse.negative, pulse.angry)
    return list(zip(*(_sums(counts[:settle]) for counts in each), strict=True))


def _sums(counts: Sequence[int]) -> list[int]:
    """The sums of whole hours."""
    whole = len(counts) // HOUR_BUCKETS
    return [sum(counts[hour * HOUR_BUCKETS : (hour + 1) * HOUR_BUCKETS]) for hour in range(whole)]


def _floored(instant: datetime, width: timedelta) -> datetime:
    """The start of the bucket that holds an instant, buckets counted from 1970 on."""
    return instant - (instant - _EPOCH) % width
