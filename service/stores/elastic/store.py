"""The post store in Elasticsearch: for more posts than one machine keeps, and several replicas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from service.clock import Clock
from service.stores.elastic import aggregates, reading, tallies
from service.stores.elastic.bulk import PATIENCE_S
from service.stores.elastic.cluster import Cluster
from service.stores.elastic.erasure import Eraser
from service.stores.elastic.migration import Migration, Tell, ignore
from service.stores.elastic.months import Months
from service.stores.elastic.pulses import pulses
from service.stores.elastic.schema import Names
from service.stores.elastic.searching import Searcher
from service.stores.elastic.segments import segments
from service.stores.elastic.stamps import Stamps
from service.stores.elastic.writing import PostWriter
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
from service.stores.sqlite_query import QueryPhrases
from service.stores.storable import storable_text


class ElasticPostStore:
    """A PostStore in indices that begin with a prefix, one a month.

    `query_phrases` cuts a search the way that `search_tokens` of the posts were cut; `locate` finds
    the spans to highlight. `clock` must be real: it times waits for another machine.

    Where one engine differs from the protocol's letter: Elasticsearch has no transactions, so a
    batch whose writing *fails* may be stored in part, unseen by searches until the next write.
    Storing it again, as every caller does, completes it; nothing is doubled.
    """

    def __init__(
        self,
        cluster: Cluster,
        *,
        prefix: str,
        clock: Clock,
        query_phrases: QueryPhrases,
        locate: Locate = locate_folded,
        patience_s: float = PATIENCE_S,
    ) -> None:
        names = Names(prefix)
        self._cluster = cluster
        self._query_phrases = query_phrases
        self._locate = locate
        self._posts = Searcher(cluster, names.posts)
        self._versions = Searcher(cluster, names.versions)
        months = Months(cluster, names)
        self._stamps = Stamps(cluster, names, clock=clock, make_visible=self._posts.refresh)
        self._writer = PostWriter(
            cluster,
            names,
            clock=clock,
            posts=self._posts,
            versions=self._versions,
            months=months,
            stamps=self._stamps,
            patience_s=patience_s,
        )
        self._eraser = Eraser(cluster, posts=self._posts, versions=self._versions, months=months)
        self._migration = Migration(cluster, names, clock=clock, posts=self._posts, months=months)

    async def migrate(self) -> None:
        """Make what is missing; months of an older schema are copied, which may take long."""
        await self._migration.migrate()

    async def move(self, *, rebuild: bool = False, tell: Tell = ignore) -> int:
        """The same with news of each step; answers how many months were moved.

        `rebuild` moves every month, into settings that the operator changed.
        """
        return await self._migration.migrate(rebuild=rebuild, tell=tell)

    async def check(self) -> None:
        """Raise SchemaOutdated for another schema, StoreError when posts cannot be used."""
        await self._migration.check()

    async def upsert(self, posts: Sequence[StoredPost]) -> tuple[Upserted, ...]:
        """Store all; visible and on every copy when this returns. ValueError for a naive instant.

        After a StoreError some may be stored: store the same batch again.
        """
        if not posts:
            return ()
        return await self._writer.upsert(posts)

    async def get(self, post_id: str) -> StoredPost | None:
        return (await self.get_many((post_id,))).get(storable_text(post_id))

    async def get_many(self, post_ids: Sequence[str]) -> Mapping[str, StoredPost]:
        return await reading.get_many(self._posts, post_ids)

    async def versions(self, post_id: str) -> tuple[PostVersion, ...]:
        return await reading.get_versions(self._versions, post_id)

    async def search(
        self,
        query: PostQuery,
        *,
        limit: int = 50,
        cursor: str | None = None,
        sort: SortOrder = SortOrder.NEWEST,
    ) -> Page:
        """A page of posts that hold every phrase of the text; BadCursor for a foreign cursor."""
        return await reading.search(
            self._posts,
            query,
            limit=limit,
            cursor=cursor,
            sort=sort,
            query_phrases=self._query_phrases,
            locate=self._locate,
        )

    async def count(self, query: PostQuery) -> int:
        return await reading.count(self._posts, query, query_phrases=self._query_phrases)

    async def histogram(
        self, query: PostQuery, *, interval: timedelta, since: datetime, until: datetime
    ) -> tuple[TimeBucket, ...]:
        """Every bucket from `since` to before `until`; ValueError for an interval of nothing."""
        return await aggregates.histogram(
            self._posts,
            query,
            interval=interval,
            since=since,
            until=until,
            query_phrases=self._query_phrases,
        )

    async def top_terms(
        self, query: PostQuery, *, background: PostQuery | None = None, limit: int = 20
    ) -> tuple[TermCount, ...]:
        """Without a `background` the matches are compared with the newest posts of all."""
        return await aggregates.top_terms(
            self._posts,
            query,
            background=background,
            limit=limit,
            query_phrases=self._query_phrases,
        )

    async def facets(
        self, query: PostQuery, *, fields: Sequence[FacetField], limit: int = 20
    ) -> Mapping[FacetField, tuple[tuple[str, int], ...]]:
        return await aggregates.facets(
            self._posts, query, fields=fields, limit=limit, query_phrases=self._query_phrases
        )

    async def segments(
        self, monitor: str, *, since: datetime, until: datetime
    ) -> Mapping[str | None, Segment]:
        return await segments(self._posts, monitor, since=since, until=until)

    async def pulses(
        self, monitor: str, *, interval: timedelta, since: datetime, until: datetime
    ) -> Mapping[str | None, Pulse]:
        return await pulses(self._posts, monitor, interval=interval, since=since, until=until)

    async def tallies(self, query: PostQuery, *, edges: Sequence[datetime]) -> tuple[Tally, ...]:
        """`distinct` by HyperLogLog++, as in `histogram`."""
        return await tallies.tallies(
            self._posts, query, edges=edges, query_phrases=self._query_phrases
        )

    async def author_cells(
        self, query: PostQuery, *, topics: str | None = None
    ) -> tuple[AuthorCell, ...]:
        return await tallies.author_cells(
            self._posts, query, topics=topics, query_phrases=self._query_phrases
        )

    async def authors(self, query: PostQuery) -> frozenset[str]:
        return await tallies.authors(self._posts, query, query_phrases=self._query_phrases)

    async def monitors_since(self, stored_after: datetime) -> Mapping[str, datetime]:
        frontier = await self._stamps.frontier()
        return await reading.monitors_since(self._posts, stored_after, frontier=frontier)

    async def counts_by_monitor(self, *, since: datetime, until: datetime) -> Mapping[str, int]:
        return await aggregates.counts_by_monitor(self._posts, since=since, until=until)

    async def counts_by_copy_group(
        self, query: PostQuery, *, limit: int = 50
    ) -> tuple[tuple[str, int], ...]:
        return await aggregates.counts_by_copy_group(
            self._posts, query, limit=limit, query_phrases=self._query_phrases
        )

    async def find_copies(
        self, bands: Sequence[str], *, since: datetime, least: int = 1
    ) -> tuple[KnownCopy, ...]:
        return await reading.find_copies(self._posts, bands, since=since, least=least)

    async def set_monitors(
        self, post_ids: Sequence[str], monitor: str, *, member: bool, spared: bool = False
    ) -> None:
        await self._writer.set_membership(post_ids, monitor, member=member, spared=spared)

    async def mark_deleted(self, post_ids: Sequence[str], *, at: datetime) -> tuple[Upserted, ...]:
        return await self._writer.mark_deleted(post_ids, at=at)

    async def reposts_of(
        self, originals: Sequence[tuple[str, str]], *, after_id: str | None = None, limit: int = 500
    ) -> tuple[StoredPost, ...]:
        return await reading.reposts_of(self._posts, originals, after_id=after_id, limit=limit)

    async def inherit(self, inheritances: Sequence[Inheritance]) -> None:
        await self._writer.inherit(inheritances)

    async def scan(
        self, *, since: datetime | None, after_id: str | None, limit: int
    ) -> tuple[StoredPost, ...]:
        return await reading.scan(self._posts, since=since, after_id=after_id, limit=limit)

    async def delete_by_author(self, author: str) -> int:
        return await self._eraser.by_author(author)

    async def delete_before(self, instant: datetime, *, keep: Sequence[str] = ()) -> int:
        """Whole months are dropped as one, unless something of them is kept."""
        return await self._eraser.before(instant, keep=keep)

    async def close(self) -> None:
        """Close the connections; harmless twice."""
        await self._cluster.close()
