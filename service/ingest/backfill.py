"""Back-fill: a new or changed monitor goes over the stored posts, with progress, in small bites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from nlp import parse_query
from service.clock import Clock
from service.coverage import CANARY
from service.db import Database
from service.db.changes import announce
from service.db.leases import turn
from service.ingest.membership import memberships
from service.monitors import BrandDirectory
from service.monitors.model import Monitor
from service.monitors.monitors import BackfillProgress, Monitors
from service.stores.post_store import PostQuery, PostStore, StoredPost

LEASE = "backfill"
_BITE = 500
_WAIT = timedelta(seconds=15)
"""Before asking again for a turn that another process has."""

log = structlog.get_logger(__name__)


class Backfill:
    """A job. Progress is kept after each bite, so a restart goes on where it was."""

    name = "backfill"

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        monitors: Monitors,
        brands: BrandDirectory,
        store: PostStore,
        owner: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._monitors = monitors
        self._brands = brands
        self._store = store
        self._owner = owner
        self._not_before: datetime | None = None
        self._generation = -1
        self._pending: tuple[Monitor, ...] = ()

    async def next_at(self) -> datetime | None:
        if self._generation != self._database.generation or not self._database.is_sqlite:
            generation = self._database.generation
            self._pending = await self._monitors.backfilling()
            self._generation = generation
        if not self._pending:
            return None
        now = self._clock.now()
        return now if self._not_before is None else max(now, self._not_before)

    async def run(self, now: datetime) -> int:
        """One bite of each pending monitor, by one process at a time; answers how many posts were
        looked at."""
        looked = 0
        async with turn(self._database, LEASE, owner=self._owner, now=self._clock.now) as mine:
            self._not_before = None if mine else now + _WAIT
            if mine:
                await self._brands.refresh()
                for monitor in await self._monitors.backfilling():
                    looked += await self._bite(monitor)
        return looked

    async def _bite(self, monitor: Monitor) -> int:
        known = monitor.backfill or {}
        after_id = known.get("after_id")
        posts = await self._store.scan(since=None, after_id=after_id, limit=_BITE)
        await self._sort(monitor, [post for post in posts if post.via != CANARY])
        of = known.get("of")
        progress = BackfillProgress(
            after_id=posts[-1].id if posts else after_id,
            done=int(known.get("done", 0)) + len(posts),
            of=await self._store.count(PostQuery()) if of is None else int(of),
            finished=len(posts) < _BITE,
        )
        async with self._database.write() as connection:
            await self._monitors.note_backfill(connection, monitor, progress)
            if progress.finished:
                # Baselines that were read meanwhile are wrong: the tick forgets them at this news.
                await announce(
                    connection, at=self._clock.now(), kind="monitor", subject_id=monitor.id
                )
        if progress.finished:
            log.info("backfill.done", monitor=monitor.id, posts=progress.done)
        return len(posts)

    async def _sort(self, monitor: Monitor, posts: Sequence[StoredPost]) -> None:
        """Put the posts inside the monitor or outside, and say which of those inside spare it."""
        found = await memberships(
            self._store, posts, parse_query(monitor.query), self._brands.sides(monitor.brand_id)
        )
        moves: dict[tuple[bool, bool], list[str]] = {}
        for post in posts:
            its = found[post.id]
            stands = (monitor.id in post.monitors, monitor.id in post.spared)
            if (its.member, its.spared) != stands:
                moves.setdefault((its.member, its.spared), []).append(post.id)
        for (member, spared), ids in moves.items():
            await self._store.set_monitors(ids, monitor.id, member=member, spared=spared)
