"""When posts come: by weekday and hour of the day, on people's clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from service.auth import Action, Principal, Resource
from service.errors import InvalidInput
from service.indicators.surroundings import Surroundings
from service.indicators.window import Window
from service.stores import PostQuery, PostStore, TimeBucket

LONGEST = timedelta(days=400)
WEEKDAYS, HOURS = 7, 24

Grid = tuple[tuple[int, ...], ...]
"""`grid[weekday][hour]`; weekday 0 is Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Posts of a window, and the negative ones among them, by weekday and hour."""

    posts: Grid
    negative: Grid

    @property
    def n(self) -> int:
        return sum(map(sum, self.posts))


class Rhythms:
    """Reads the post store; changes nothing."""

    def __init__(self, *, store: PostStore, surroundings: Surroundings, zone: tzinfo) -> None:
        self._store = store
        self._surroundings = surroundings
        self._zone = zone

    async def of(self, actor: Principal, monitor_id: str, window: Window) -> Rhythm:
        """The monitor's posts, counted by aggregation in hours of UTC.

        In a zone that is not whole hours off, half an hour is counted with its neighbour. Raises
        Forbidden, InvalidInput for more than 400 days, NotFound for the monitor, StoreError.
        """
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        if window.length > LONGEST:
            message = f"at most {LONGEST.days} days before `until`"
            raise InvalidInput(f"since: {message}", errors=[("since", message)])
        await self._surroundings.monitor(monitor_id)
        # Buckets begin where they are told to: at a full hour, whenever the window does.
        full_hour = window.since.replace(minute=0, second=0, microsecond=0)
        buckets = await self._store.histogram(
            PostQuery(monitors=(monitor_id,), since=window.since, until=window.until),
            interval=timedelta(hours=1),
            since=full_hour,
            until=window.until,
        )
        return rhythm(buckets, self._zone)


def rhythm(buckets: Sequence[TimeBucket], zone: tzinfo) -> Rhythm:
    """Hours on end to hours of the week."""
    posts = [[0] * HOURS for _ in range(WEEKDAYS)]
    negative = [[0] * HOURS for _ in range(WEEKDAYS)]
    for bucket in buckets:
        local = bucket.start.astimezone(zone)
        posts[local.weekday()][local.hour] += bucket.posts
        negative[local.weekday()][local.hour] += bucket.negative
    return Rhythm(posts=tuple(map(tuple, posts)), negative=tuple(map(tuple, negative)))
