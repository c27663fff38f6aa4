"""What an hour usually brings: hourly counts per segment, read once and kept in memory."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.stores.post_store import PostQuery, PostStore

HOUR = timedelta(hours=1)
SPAN_H = 14 * 24
"""Two weeks: long enough for each hour of the day, short enough to follow a brand's growth."""
_NEAR_HOURS = 1
_ENOUGH = 5
_LATE_H = 3
"""Hours that are read again, since late posts may still fall into them."""
WHOLE = "*"
"""The segment of all posts of a monitor."""


@dataclass(frozen=True, slots=True)
class History:
    """Counts of comparable closed hours, oldest first."""

    posts: tuple[int, ...]
    negative: tuple[int, ...]
    length_h: int


@dataclass(slots=True)
class _Series:
    """Closed hours, oldest first; `until` is the end of the last one."""

    until: datetime
    hours: deque[tuple[datetime, int, int]] = field(default_factory=lambda: deque(maxlen=SPAN_H))
    chosen: tuple[datetime, History] | None = None
    """The comparable hours for the hour that begins then: the same until the next one."""


class Baselines:
    """Hourly history by (monitor, scenario); at most two weeks of hours for each."""

    def __init__(self, store: PostStore, timezone: ZoneInfo) -> None:
        self._store = store
        self._timezone = timezone
        self._series: dict[tuple[str, str], _Series] = {}

    def forget(self, monitor: str) -> None:
        """Read a monitor's hours anew: a back-fill has changed the past."""
        for key in [key for key in self._series if key[0] == monitor]:
            del self._series[key]

    async def history(
        self, monitor: str, scenario: str, *, since: datetime, now: datetime
    ) -> History:
        """Closed hours from `since` (the monitor's first post) to the current hour.

        Hours of the same time of day (± 1 h, in the installation's zone) once there are enough of
        them, every hour before that.
        """
        current = now.replace(minute=0, second=0, microsecond=0)
        series = await self._extended(monitor, scenario, since=since, until=current)
        if series.chosen is not None and series.chosen[0] == current:
            return series.chosen[1]
        rows = [row for row in series.hours if row[0] >= since - HOUR]
        hour = now.astimezone(self._timezone).hour
        near = [row for row in rows if self._is_near(row[0], hour)]
        chosen = near if len(near) >= _ENOUGH else rows
        history = History(
            posts=tuple(row[1] for row in chosen),
            negative=tuple(row[2] for row in chosen),
            length_h=len(rows),
        )
        series.chosen = (current, history)
        return history

    def _is_near(self, start: datetime, hour: int) -> bool:
        distance = abs(start.astimezone(self._timezone).hour - hour)
        return min(distance, 24 - distance) <= _NEAR_HOURS

    async def _extended(
        self, monitor: str, scenario: str, *, since: datetime, until: datetime
    ) -> _Series:
        key = (monitor, scenario)
        series = self._series.get(key)
        earliest = max(since.replace(minute=0, second=0, microsecond=0), until - HOUR * SPAN_H)
        if series is None:
            series = self._series[key] = _Series(until=earliest)
        if series.until >= until:
            return series
        start = max(earliest, series.until - HOUR * _LATE_H)
        query = PostQuery(monitors=(monitor,), scenarios=() if scenario == WHOLE else (scenario,))
        buckets = await self._store.histogram(query, interval=HOUR, since=start, until=until)
        while series.hours and series.hours[-1][0] >= start:
            series.hours.pop()
        series.hours.extend((item.start, item.posts, item.negative) for item in buckets)
        series.until = until
        return series
