"""The embedded post store: one SQLite file, searched by FTS5; the default when none is set up."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from service.errors import SchemaOutdated
from service.stores import sqlite_aggregates, sqlite_read, sqlite_tallies, sqlite_write
from service.stores.highlight import Locate, locate_folded
from service.stores.post_store import (
    AuthorCell,
    FacetField,
    Inheritance,
    KnownCopy,
    Page,
    PostQuery,
    PostVersion,
    Pulse,
    Segment,
    SortOrder,
    StoredPost,
    Tally,
    TermCount,
    TimeBucket,
    Upserted,
)
from service.stores.sqlite_pulses import pulses
from service.stores.sqlite_query import QueryPhrases
from service.stores.sqlite_rows import to_micros
from service.stores.sqlite_schema import apply_migrations, require_current
from service.stores.sqlite_segments import segments
from service.stores.sqlite_threads import SqliteThreads
from service.stores.storable import storable_text

_ERASED_AT_ONCE = 500
"""Posts in one erasing transaction: writers wait no longer than that takes."""
_BY_AUTHOR = "SELECT id FROM post WHERE author = ? LIMIT ?"
_BEFORE = (
    "SELECT id FROM post WHERE published_at < ? "
    "AND id NOT IN (SELECT value FROM json_each(?)) LIMIT ?"
)


class SqlitePostStore:
    """A PostStore in one file.

    `query_phrases` cuts a search the way that `search_tokens` of the posts were cut; `locate` finds
    the spans to highlight. `durable=False` never waits for the disk: right for replays and tests; a
    killed process loses nothing either way, a power cut might damage the file.
    """

    def __init__(
        self,
        path: Path,
        *,
        query_phrases: QueryPhrases,
        locate: Locate = locate_folded,
        durable: bool = True,
        readers: int = 2,
        busy_timeout_seconds: float = 10.0,
        inline: bool = False,
    ) -> None:
        self._path = path
        self._query_phrases = query_phrases
        self._locate = locate
        self._threads = SqliteThreads(
            path,
            durable=durable,
            readers=readers,
            busy_timeout_seconds=busy_timeout_seconds,
            inline=inline,
        )

    async def migrate(self) -> None:
        """Make the file and its directory if need be, and bring the schema up to date."""
        await self._threads.write(apply_migrations, create=True)

    async def check(self) -> None:
        """Raise SchemaOutdated for a missing or old schema, StoreError for an unusable file."""
        if not self._path.exists():
            raise SchemaOutdated(f"post store {self._path} is not there: run `fengsui migrate`")
        await self._threads.read(require_current)

    async def upsert(self, posts: Sequence[StoredPost]) -> tuple[Upserted, ...]:
        """Store all or none; committed when this returns. ValueError for a naive instant."""
        if not posts:
            return ()
        return await self._threads.write(lambda db: sqlite_write.upsert(db, posts))

    async def get(self, post_id: str) -> StoredPost | None:
        return (await self.get_many((post_id,))).get(storable_text(post_id))

    async def get_many(self, post_ids: Sequence[str]) -> Mapping[str, StoredPost]:
        return await self._threads.read(lambda db: sqlite_read.get_many(db, post_ids))

    async def versions(self, post_id: str) -> tuple[PostVersion, ...]:
        return await self._threads.read(lambda db: sqlite_read.versions(db, post_id))

    async def search(
        self,
        query: PostQuery,
        *,
        limit: int = 50,
        cursor: str | None = None,
        sort: SortOrder = SortOrder.NEWEST,
    ) -> Page:
        """A page of posts that hold every phrase of the text; BadCursor for a foreign cursor."""
        return await self._threads.read(
            lambda db: sqlite_read.search(
                db,
                query,
                limit=limit,
                cursor=cursor,
                sort=sort,
                query_phrases=self._query_phrases,
                locate=self._locate,
            )
        )

    async def count(self, query: PostQuery) -> int:
        return await self._threads.read(
            lambda db: sqlite_read.count(db, query, query_phrases=self._query_phrases)
        )

    async def histogram(
        self, query: PostQuery, *, interval: timedelta, since: datetime, until: datetime
    ) -> tuple[TimeBucket, ...]:
        """Every bucket from `since` to before `until`; ValueError for an interval of nothing."""
        return await self._threads.read(
            lambda db: sqlite_aggregates.histogram(
                db,
                query,
                interval=interval,
                since=since,
                until=until,
                query_phrases=self._query_phrases,
            )
        )

    async def top_terms(
        self, query: PostQuery, *, background: PostQuery | None = None, limit: int = 20
    ) -> tuple[TermCount, ...]:
        """Without a `background` the matches are compared with the newest posts of all."""
        return await self._threads.read(
            lambda db: sqlite_aggregates.top_terms(
                db, query, background=background, limit=limit, query_phrases=self._query_phrases
            )
        )

    async def facets(
        self, query: PostQuery, *, fields: Sequence[FacetField], limit: int = 20
    ) -> Mapping[FacetField, tuple[tuple[str, int], ...]]:
        return await self._threads.read(
            lambda db: sqlite_aggregates.facets(
                db, query, fields=fields, limit=limit, query_phrases=self._query_phrases
            )
        )

    async def segments(
        self, monitor: str, *, since: datetime, until: datetime
    ) -> Mapping[str | None, Segment]:
        return await self._threads.read(lambda db: segments(db, monitor, since=since, until=until))

    async def pulses(
        self, monitor: str, *, interval: timedelta, since: datetime, until: datetime
    ) -> Mapping[str | None, Pulse]:
        return await self._threads.read(
            lambda db: pulses(db, monitor, interval=interval, since=since, until=until)
        )

    async def tallies(self, query: PostQuery, *, edges: Sequence[datetime]) -> tuple[Tally, ...]:
        return await self._threads.read(
            lambda db: sqlite_tallies.tallies(
                db, query, edges=edges, query_phrases=self._query_phrases
            )
        )

    async def author_cells(
        self, query: PostQuery, *, topics: str | None = None
    ) -> tuple[AuthorCell, ...]:
        return await self._threads.read(
            lambda db: sqlite_tallies.author_cells(
                db, query, topics=topics, query_phrases=self._query_phrases
            )
        )

    async def authors(self, query: PostQuery) -> frozenset[str]:
        return await self._threads.read(
            lambda db: sqlite_tallies.authors(db, query, query_phrases=self._query_phrases)
        )

    async def monitors_since(self, stored_after: datetime) -> Mapping[str, datetime]:
        return await self._threads.read(lambda db: sqlite_read.monitors_since(db, stored_after))

    async def counts_by_monitor(self, *, since: datetime, until: datetime) -> Mapping[str, int]:
        return await self._threads.read(
            lambda db: sqlite_aggregates.counts_by_monitor(db, since=since, until=until)
        )

    async def counts_by_copy_group(
        self, query: PostQuery, *, limit: int = 50
    ) -> tuple[tuple[str, int], ...]:
        return await self._threads.read(
            lambda db: sqlite_aggregates.counts_by_copy_group(
                db, query, limit=limit, query_phrases=self._query_phrases
            )
        )

    async def find_copies(
        self, bands: Sequence[str], *, since: datetime, least: int = 1
    ) -> tuple[KnownCopy, ...]:
        return await self._threads.read(
            lambda db: sqlite_read.find_copies(db, bands, since=since, least=least)
        )

    async def set_monitors(
        self, post_ids: Sequence[str], monitor: str, *, member: bool, spared: bool = False
    ) -> None:
        await self._threads.write(
            lambda db: sqlite_write.set_membership(
                db, post_ids, monitor, member=member, spared=spared
            )
        )

    async def mark_deleted(self, post_ids: Sequence[str], *, at: datetime) -> tuple[Upserted, ...]:
        return await self._threads.write(lambda db: sqlite_write.mark_deleted(db, post_ids, at=at))

    async def reposts_of(
        self, originals: Sequence[tuple[str, str]], *, after_id: str | None = None, limit: int = 500
    ) -> tuple[StoredPost, ...]:
        return await self._threads.read(
            lambda db: sqlite_read.reposts_of(db, originals, after_id=after_id, limit=limit)
        )

    async def inherit(self, inheritances: Sequence[Inheritance]) -> None:
        await self._threads.write(lambda db: sqlite_write.inherit(db, inheritances))

    async def scan(
        self, *, since: datetime | None, after_id: str | None, limit: int
    ) -> tuple[StoredPost, ...]:
        return await self._threads.read(
            lambda db: sqlite_read.scan(db, since=since, after_id=after_id, limit=limit)
        )

    async def delete_by_author(self, author: str) -> int:
        return await self._erase_all(_BY_AUTHOR, (storable_text(author),))

    async def delete_before(self, instant: datetime, *, keep: Sequence[str] = ()) -> int:
        kept = orjson.dumps([storable_text(post_id) for post_id in keep]).decode()
        return await self._erase_all(_BEFORE, (to_micros(instant), kept))

    async def close(self) -> None:
        """Finish what was begun and close the file; harmless twice."""
        await self._threads.close()

    async def _erase_all(self, chosen: str, parameters: tuple[object, ...]) -> int:
        """Erase what `chosen` selects, some at a time, so that ingest goes on in between."""

        def erase_some(connection: sqlite3.Connection) -> int:
            rows = connection.execute(chosen, (*parameters, _ERASED_AT_ONCE))
            return sqlite_write.erase(connection, [post_id for (post_id,) in rows])

        erased = 0
        while done := await self._threads.write(erase_some):
            erased += done
        return erased
