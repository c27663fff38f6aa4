"""Is a monitor blind? Calm on a feed that cannot be seen is no calm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from service.coverage import Feed
from service.coverage import repository as feed_rows
from service.db import Database
from service.incidents.model import Incident
from service.stores.post_store import FacetField, PostQuery, PostStore

OVER = timedelta(days=14)
MATTERS = 0.1
"""A feed matters to a monitor when its platforms have brought this share of its posts."""
COUNTED_EVERY = timedelta(minutes=5)
_MOST = 100


class Outlook:
    """Sets the feeds that are dark against what a monitor lives on."""

    def __init__(self, *, database: Database, store: PostStore) -> None:
        self._database = database
        self._store = store
        self._counts: dict[str, tuple[datetime, datetime, Mapping[str, int]]] = {}

    async def dark_feeds(self, monitor_id: str, now: datetime) -> tuple[Feed, ...]:
        """The feeds that cannot be seen now and have brought a tenth of the monitor's posts."""
        async with self._database.read() as connection:
            dark = await feed_rows.dark_feeds(connection)
        if not dark:
            return ()
        # A feed that has been dark for weeks has brought nothing in them: what it brought before.
        since = min(feed.condition.since for feed in dark) - OVER
        counts = await self._brought(monitor_id, since, now)
        whole = sum(counts.values())
        return tuple(
            feed
            for feed in dark
            if whole and sum(counts.get(name, 0) for name in feed.platforms) >= MATTERS * whole
        )

    async def _brought(self, monitor_id: str, since: datetime, now: datetime) -> Mapping[str, int]:
        """A monitor's posts by platform from `since` on; asked of the store now and then only."""
        known = self._counts.get(monitor_id)
        if known is not None and known[0] == since and now - known[1] < COUNTED_EVERY:
            return known[2]
        found = await self._store.facets(
            PostQuery(monitors=(monitor_id,), since=since),
            fields=(FacetField.SOURCE,),
            limit=_MOST,
        )
        counts = dict(found[FacetField.SOURCE])
        if counts:  # of a new monitor the first post is to count at once
            self._counts[monitor_id] = (since, now, counts)
        return counts

    async def is_blind(self, incident: Incident, now: datetime) -> bool:
        """Whether the quiet of an incident may be that of a feed which cannot be seen."""
        return bool(await self.dark_feeds(incident.monitor_id, now))
