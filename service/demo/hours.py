"""When people post: the day's profile, and instants drawn from it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
SATURDAY = 5
WEEKDAY_POSTS = 1_180
WEEKEND_POSTS = 1_300
# Share of an average hour: quiet at night, a lunch peak, a higher one in the evening.
WEEKDAY = (
    *(0.45, 0.22, 0.12, 0.08, 0.08, 0.15, 0.4, 0.8, 1.05, 1.05, 1.1, 1.3),
    *(1.7, 1.35, 1.1, 1.15, 1.15, 1.2, 1.35, 1.5, 1.75, 1.85, 1.6, 0.95),
)
WEEKEND = (
    *(0.7, 0.4, 0.2, 0.12, 0.08, 0.1, 0.2, 0.45, 0.8, 1.1, 1.3, 1.4),
    *(1.55, 1.4, 1.35, 1.4, 1.4, 1.35, 1.3, 1.4, 1.6, 1.7, 1.5, 1.2),
)


def ordinary_instants(day: date, rng: Random) -> Iterator[datetime]:
    """Instants of one day's ordinary posts, local time with whole seconds, not sorted."""
    weekend = day.weekday() >= SATURDAY
    profile: Sequence[float] = WEEKEND if weekend else WEEKDAY
    per_hour = (WEEKEND_POSTS if weekend else WEEKDAY_POSTS) / sum(profile)
    for hour, share in enumerate(profile):
        start = datetime.combine(day, time(hour), ZONE)
        posts = round(per_hour * share * math.exp(rng.gauss(0, 0.12)))
        yield from instants(start, posts=posts, span=timedelta(hours=1), rng=rng)


def instants(start: datetime, *, posts: int, span: timedelta, rng: Random) -> Iterator[datetime]:
    """`posts` instants spread evenly at random over the span, whole seconds, not sorted."""
    seconds = int(span.total_seconds())
    for _ in range(posts):
        yield start + timedelta(seconds=rng.randrange(seconds))
