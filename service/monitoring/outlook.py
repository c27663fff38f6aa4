"""Is a monitor blind? Calm on a feed that cannot be seen is no calm."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.coverage import Feed
from service.coverage import repository as feed_rows
from service.db import Database
from service.incidents.model import Incident
from service.stores.post_store import FacetField, PostQuery, PostStore

OVER = timedelta(days=14)
MATTERS = 0.1
"""A feed matters to a monitor when its platforms have brought this share of its posts."""
_MOST = 100


class Outlook:
    """Sets the feeds that are dark against what a monitor lives on."""

    def __init__(self, *, database: Database, store: PostStore) -> None:
        self._database = database
        self._store = store

    async def dark_feeds(self, monitor_id: str, now: datetime) -> tuple[Feed, ...]:
        """The feeds that cannot be seen now and have brought a tenth of the monitor's posts."""
        async with self._database.read() as connection:
            dark = await feed_rows.dark_feeds(connection)
        if not dark:
            return ()
        found = await self._store.facets(
            PostQuery(monitors=(monitor_id,), since=now - OVER),
            fields=(FacetField.SOURCE,),
            limit=_MOST,
        )
        counts = dict(found[FacetField.SOURCE])
        whole = sum(counts.values())
        return tuple(
            feed
            for feed in dark
            if whole and sum(counts.get(name, 0) for name in feed.platforms) >= MATTERS * whole
        )

    async def is_blind(self, incident: Incident, now: datetime) -> bool:
        """Whether the quiet of an incident may be that of a feed which cannot be seen."""
        return bool(await self.dark_feeds(incident.monitor_id, now))
