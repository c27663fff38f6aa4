"""Back-fill: a new or changed monitor goes over the stored posts, with progress, in small bites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from crawlers import PostKey
from nlp import Query, QueryDocument, normalize, parse_query, whole_text
from service.clock import Clock
from service.db import Database
from service.db.changes import announce
from service.monitors.model import Monitor
from service.monitors.monitors import BackfillProgress, Monitors
from service.stores.post_store import PostQuery, PostStore, StoredPost

_BITE = 500
_GENERATIONS = 8
"""How far a repost of a repost is followed back."""

log = structlog.get_logger(__name__)


class Backfill:
    """A job. Progress is kept after each bite, so a restart goes on where it was."""

    name = "backfill"

    def __init__(
        self, *, database: Database, clock: Clock, monitors: Monitors, store: PostStore
    ) -> None:
        self._database = database
        self._clock = clock
        self._monitors = monitors
        self._store = store
        self._generation = -1
        self._pending: tuple[Monitor, ...] = ()

    async def next_at(self) -> datetime | None:
        if self._generation != self._database.generation or not self._database.is_sqlite:
            generation = self._database.generation
            self._pending = await self._monitors.backfilling()
            self._generation = generation
        return self._clock.now() if self._pending else None

    async def run(self, now: datetime) -> int:
        """One bite of each pending monitor; answers how many posts were looked at."""
        looked = 0
        for monitor in await self._monitors.backfilling():
            looked += await self._bite(monitor)
        return looked

    async def _bite(self, monitor: Monitor) -> int:
        known = monitor.backfill or {}
        after_id = known.get("after_id")
        posts = await self._store.scan(since=None, after_id=after_id, limit=_BITE)
        query = parse_query(monitor.query)
        inside = await self._inside(query, posts)
        gone = [post.id for post in posts if monitor.id in post.monitors and post.id not in inside]
        fresh = [post.id for post in posts if post.id in inside and monitor.id not in post.monitors]
        if fresh:
            await self._store.set_monitors(fresh, monitor.id, member=True)
        if gone:
            await self._store.set_monitors(gone, monitor.id, member=False)
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

    async def _inside(self, query: Query, posts: Sequence[StoredPost]) -> set[str]:
        """The posts that the query takes, for their own words or for those that they share."""
        inside = {post.id for post in posts if query.matches(_document(post))}
        asking = {post.id: _parent_id(post) for post in posts if post.id not in inside}
        for _ in range(_GENERATIONS):
            wanted = sorted({parent for parent in asking.values() if parent})
            if not wanted:
                break
            parents = await self._store.get_many(wanted)
            taken = {id_ for id_, parent in parents.items() if query.matches(_document(parent))}
            inside |= {id_ for id_, parent in asking.items() if parent in taken}
            asking = {
                id_: _parent_id(parents[parent])
                for id_, parent in asking.items()
                if parent is not None and parent in parents and parent not in taken
            }
        return inside


def _parent_id(post: StoredPost) -> str | None:
    return PostKey(post.source, post.repost_of).id if post.repost_of else None


def _document(post: StoredPost) -> QueryDocument:
    return QueryDocument(
        normal=normalize(whole_text(post.text, title=post.title)).text,
        source=post.source,
        channel=post.channel,
        lang=post.lang or "",
    )
