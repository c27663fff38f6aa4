"""How fast it grows, beside what the same hours usually bring: counted in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.incidents import UNCLASSIFIED, Incident
from service.posts import incident_query
from service.stores import PostQuery, TimeBucket

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_TEN_MINUTES = timedelta(minutes=10)
_TICK = timedelta(seconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = 14
"""Days before the first post from which the usual hour is told."""
_FEWEST_DAYS = 3
_WIDTHS = (
    (timedelta(hours=8), _TEN_MINUTES),
    (timedelta(days=4), _HOUR),
    (timedelta(days=30), timedelta(hours=6)),
)
"""Up to that span, buckets are so wide; beyond the last a day."""
_LEAD = 6
"""Buckets that are shown before the first post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Counts by bucket, oldest first. `usual` is posts a bucket usually has, None where unknown.

    `negative` is empty where the incident takes negative posts only.
    """

    width: timedelta
    starts: tuple[datetime, ...]
    posts: tuple[int, ...]
    negative: tuple[int, ...]
    usual: tuple[float | None, ...]

    @property
    def knows_usual(self) -> bool:
        """Whether there is anything to stand beside."""
        return any(value is not None for value in self.usual)


def crowd_of(incident: Incident, *, now: datetime) -> PostQuery:
    """The posts that a crisis took, or takes."""
    return incident_query(
        incident.monitor_id,
        incident.segment or UNCLASSIFIED,
        since=incident.first_post_at,
        until=(incident.taking_ended_at or now) + _TICK,
        every_mood=incident.every_mood,
    )


async def read_growth(container: Container, principal: Principal, incident: Incident) -> Growth:
    """From shortly before the first post to now, or to its end. Raises Forbidden, StoreError."""
    principal.require(Action.READ, Resource.POST, monitor=incident.monitor_id)
    now = container.clock.now()
    end = min(now, (incident.taking_ended_at or now) + _HOUR)
    width = _width(end - incident.first_post_at)
    begin = _floored(incident.first_post_at, width) - _LEAD * width
    zone = container.settings.zone

    def posts_between(since: datetime, until: datetime) -> PostQuery:
        return incident_query(
            incident.monitor_id,
            incident.segment or UNCLASSIFIED,
            since=since,
            until=until,
            every_mood=incident.every_mood,
        )

    seen = await container.store.histogram(
        posts_between(begin, end), interval=width, since=begin, until=end
    )
    past = _floored(begin, _HOUR)
    first = past - _DAYS * _DAY
    before = await container.store.histogram(
        posts_between(first, past), interval=_HOUR, since=first, until=past
    )
    everything = PostQuery(monitors=(incident.monitor_id,), since=first, until=past)
    watched = await container.store.histogram(everything, interval=_DAY, since=first, until=past)
    usual = usual_hours(before, watched, zone=zone)
    only_negative = bool(posts_between(begin, end).sentiments)
    return Growth(
        width=width,
        starts=tuple(bucket.start for bucket in seen),
        posts=tuple(bucket.posts for bucket in seen),
        negative=() if only_negative else tuple(bucket.negative for bucket in seen),
        usual=tuple(_usual(bucket.start, width, usual, zone=zone) for bucket in seen),
    )


def usual_hours(
    before: Sequence[TimeBucket], watched: Sequence[TimeBucket], *, zone: ZoneInfo
) -> dict[int, float]:
    """The median posts of each local hour of the day; nothing below three days that were watched.

    `before` are hours, `watched` days of all posts of the monitor: a day without any was not
    watched, and says nothing of what is usual.
    """
    days = [(bucket.start, bucket.start + _DAY) for bucket in watched if bucket.posts]
    if len(days) < _FEWEST_DAYS:
        return {}
    by_hour: dict[int, list[int]] = {}
    for bucket in before:
        if any(start <= bucket.start < end for start, end in days):
            by_hour.setdefault(bucket.start.astimezone(zone).hour, []).append(bucket.posts)
    return {hour: float(median(counts)) for hour, counts in by_hour.items()}


def _usual(
    start: datetime, width: timedelta, usual: dict[int, float], *, zone: ZoneInfo
) -> float | None:
    if not usual:
        return None
    if width < _HOUR:
        known = usual.get(start.astimezone(zone).hour)
        return None if known is None else known * (width / _HOUR)
    hours = [start + number * _HOUR for number in range(width // _HOUR)]
    return sum(usual.get(hour.astimezone(zone).hour, 0.0) for hour in hours)


def _width(length: timedelta) -> timedelta:
    return next((width for longest, width in _WIDTHS if length <= longest), _DAY)


def _floored(instant: datetime, width: timedelta) -> datetime:
    return instant - (instant - _EPOCH) % width
