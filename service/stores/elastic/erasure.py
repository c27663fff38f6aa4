"""Erasure: by author, by age. Whole months go as one; the rest post by post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.stores.elastic.cluster import Cluster
from service.stores.elastic.months import Months
from service.stores.elastic.query import Clause, published
from service.stores.elastic.schema import end_of_month
from service.stores.elastic.searching import IDS_AT_ONCE, Searcher, chunks
from service.stores.sqlite_rows import to_micros
from service.stores.storable import storable_text

_AT_ONCE = 5_000
"""Posts in one request, so that each ends in time and writers get their turn."""


class Eraser:
    """Erases posts with every trace. Whoever is interrupted may begin again."""

    def __init__(
        self, cluster: Cluster, *, posts: Searcher, versions: Searcher, months: Months
    ) -> None:
        self._cluster = cluster
        self._posts = posts
        self._versions = versions
        self._months = months

    async def by_author(self, author: str) -> int:
        """Erase every post of the pseudonym and its versions; answer how many posts."""
        theirs: Clause = {"term": {"author": storable_text(author)}}
        erased = 0
        await self._posts.refresh()
        while ids := await self._some_ids(theirs):
            # Versions first: while the post is there, who begins again finds them.
            await self._delete(self._versions, {"terms": {"post_id": ids}})
            erased += await self._delete(self._posts, {"ids": {"values": ids}})
        if erased:
            await self._expunge()
        return erased

    async def before(self, instant: datetime, *, keep: Sequence[str]) -> int:
        """Erase posts published before, except the kept ids; answer how many."""
        await self._posts.refresh()
        kept = [storable_text(post_id) for post_id in keep]
        erased = 0
        for month, indices in (await self._months.listed()).items():
            end = end_of_month(month)
            if end is None or end > instant:
                continue
            for index in indices:
                erased += await self._drop(index, kept)
        old = published(until_us=to_micros(instant))
        erased += await self._delete(self._posts, _except("id", old, kept))
        await self._delete(self._versions, _except("post_id", old, kept))
        return erased

    async def _drop(self, index: str, kept: Sequence[str]) -> int:
        """Drop a month with everything in it, unless something of it is kept."""
        month = Searcher(self._cluster, index)
        for some in chunks(kept, IDS_AT_ONCE):
            if await month.count({"ids": {"values": some}}):
                return 0
        posts = await month.count({"match_all": {}})
        await self._cluster.call("DELETE", f"/{index}", accept=(404,))
        self._months.forget()
        return posts

    async def _some_ids(self, query: Clause) -> list[str]:
        hits = await self._posts.hits(
            {
                "size": IDS_AT_ONCE,
                "query": {"bool": {"filter": [query]}},
                "_source": False,
                "track_total_hits": False,
            }
        )
        return [hit["_id"] for hit in hits]

    async def _delete(self, where: Searcher, query: Clause) -> int:
        """Delete what matches, some at a time, until nothing does."""
        deleted = 0
        while True:
            answer = await self._cluster.call(
                "POST",
                f"/{where.target}/_delete_by_query",
                params={
                    "conflicts": "proceed",
                    "refresh": "true",
                    "max_docs": _AT_ONCE,
                    "ignore_unavailable": "true",
                    "allow_no_indices": "true",
                },
                body={"query": query},
            )
            deleted += int(answer.body["deleted"])
            if not answer.body["deleted"] and not answer.body["version_conflicts"]:
                return deleted

    async def _expunge(self) -> None:
        """Begin to rewrite what still holds the erased texts on disk; it goes on by itself."""
        for where in (self._posts, self._versions):
            await self._cluster.call(
                "POST",
                f"/{where.target}/_forcemerge",
                params={
                    "only_expunge_deletes": "true",
                    "wait_for_completion": "false",
                    "ignore_unavailable": "true",
                },
            )


def _except(field: str, query: Clause, kept: Sequence[str]) -> Clause:
    spared = [{"terms": {field: some}} for some in chunks(kept, 10_000)]
    return {"bool": {"filter": [query], "must_not": spared}}
