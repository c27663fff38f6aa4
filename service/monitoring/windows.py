"""The aggregates of a monitor in the windows that end now, read no more often than needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from service.monitoring.facts import EMPTY, Windows
from service.stores.post_store import PostStore, Segment

TEN_MINUTES = timedelta(minutes=10)
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
DAY_FOR = timedelta(minutes=5)
MANY = 50
"""More grave posts than any rule asks of a day."""
_TICK = timedelta(seconds=1)
"""`until` is excluded in the store; a post of this very instant counts."""

Segments = Mapping[str | None, Segment]


class WindowReads:
    """Reads of the post store for the windows of every monitor."""

    def __init__(self, store: PostStore) -> None:
        self._store = store
        self._days: dict[str, tuple[object, datetime, Segments]] = {}

    def forget(self, monitor_id: str) -> None:
        """Forget what was remembered of a monitor whose past has changed."""
        self._days.pop(monitor_id, None)

    async def last(self, window: timedelta, monitor_id: str, now: datetime) -> Segments:
        """The segments of the window that ends at `now`."""
        return await self._store.segments(monitor_id, since=now - window, until=now + _TICK)

    async def day(self, monitor_id: str, hour: Segments, now: datetime) -> Segments:
        """The last 24 hours, read anew when the hour holds other grave posts than before.

        Plain volume over a day may be up to `DAY_FOR` old, and so may grave posts beyond `MANY`:
        no rule hangs on a minute of it, and a day of a burning monitor is dear to read.
        """
        grave = {
            key: [min(MANY, count) for count in (segment.severe, segment.verified, segment.news)]
            + [(name, min(MANY, count)) for name, count in segment.categories.items()]
            for key, segment in hour.items()
        }
        known = self._days.get(monitor_id)
        if known is not None and known[0] == grave and now - known[1] < DAY_FOR:
            return known[2]
        day = await self.last(DAY, monitor_id, now)
        self._days[monitor_id] = (grave, now, day)
        return day

    async def fresh(
        self,
        monitor_id: str,
        key: str | None,
        windows: Windows,
        ended: datetime | None,
        *,
        now: datetime,
    ) -> Windows:
        """The windows without what incidents of the segment have taken that ended then."""
        if ended is None or ended <= now - DAY:
            return windows
        rest = (await self.last(now - ended, monitor_id, now)).get(key, EMPTY)

        def cut(window: timedelta, whole: Segment) -> Segment:
            return whole if ended <= now - window else rest

        return Windows(
            ten_minutes=cut(TEN_MINUTES, windows.ten_minutes),
            hour=cut(HOUR, windows.hour),
            day=cut(DAY, windows.day),
        )
