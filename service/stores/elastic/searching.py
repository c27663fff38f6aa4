"""Searches over the alias of posts: never an answer from a part of the shards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any, TypeVar

from service.stores.elastic.cluster import Cluster
from service.stores.elastic.documents import read_post
from service.stores.elastic.plan import Held

T = TypeVar("T")

MOST_HITS = 10_000
"""`index.max_result_window` of an index whose operator has set nothing else."""
IDS_AT_ONCE = 1_000
_WHOLE = {"allow_partial_search_results": "false"}
_ALIVE = "2m"
_COUNTED = frozenset({"cardinality", "sum", "value_count"})
_METRICS = _COUNTED | {"min", "max", "avg"}


class Searcher:
    """Asks one alias or index. A month that has no index yet has no posts."""

    def __init__(self, cluster: Cluster, target: str) -> None:
        self._cluster = cluster
        self.target = target

    async def search(
        self, body: Mapping[str, Any], *, params: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """The whole answer. A shard that is away is an error: fewer posts would look like calm."""
        path = "/_search" if "pit" in body else f"/{self.target}/_search"
        asked = {**_WHOLE, **(params or {})}
        if "pit" not in body:
            asked["ignore_unavailable"] = "true"
        answer = await self._cluster.call("POST", path, params=asked, body=body)
        found: Mapping[str, Any] = answer.body
        return found

    async def hits(self, body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = (await self.search(body))["hits"]["hits"]
        return found

    async def count(self, query: Mapping[str, Any]) -> int:
        found = await self.search({"size": 0, "track_total_hits": True, "query": query})
        return int(found["hits"]["total"]["value"])

    async def aggregate(
        self, query: Mapping[str, Any], aggregations: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """The aggregations by name."""
        found = await self.search(
            {"size": 0, "track_total_hits": False, "query": query, "aggs": aggregations}
        )
        # Before the first month is made there is no index behind the alias, and no aggregations.
        answer: Mapping[str, Any] = found.get("aggregations") or of_nothing(aggregations)
        return answer

    async def held(self, post_ids: Iterable[str]) -> dict[str, Held]:
        """The posts that are there, with what a safe replacement has to name."""
        found = {}
        for some in chunks(sorted(post_ids), IDS_AT_ONCE):
            body = {
                "size": len(some),
                "query": {"ids": {"values": some}},
                "seq_no_primary_term": True,
                "track_total_hits": False,
            }
            for hit in await self.hits(body):
                post = read_post(hit["_source"])
                found[post.id] = Held(
                    post=post,
                    index=hit["_index"],
                    seq_no=hit["_seq_no"],
                    primary_term=hit["_primary_term"],
                )
        return found

    async def refresh(self, indices: Iterable[str] = ()) -> None:
        """Make what was written visible, here or in the indices named."""
        target = ",".join(sorted(set(indices))) or self.target
        await self._cluster.call(
            "POST", f"/{target}/_refresh", params={"ignore_unavailable": "true"}, accept=(404,)
        )

    @asynccontextmanager
    async def point_in_time(self) -> AsyncIterator[Mapping[str, Any]]:
        """One view of the posts for an answer that takes several searches."""
        opened = await self._cluster.call(
            "POST",
            f"/{self.target}/_pit",
            params={"keep_alive": _ALIVE, "ignore_unavailable": "true"},
        )
        pit = opened.body["id"]
        try:
            yield {"id": pit, "keep_alive": _ALIVE}
        finally:
            await self._cluster.call("DELETE", "/_pit", body={"id": pit}, accept=(404,))


def chunks(items: Sequence[T], size: int) -> Iterator[list[T]]:
    """The items, at most `size` at a time."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def of_nothing(aggregations: Mapping[str, Any]) -> dict[str, Any]:
    """What aggregations answer where there is no document: no bucket, no value, a count of 0."""
    answer: dict[str, Any] = {}
    for name, asked in aggregations.items():
        if "filter" in asked:
            answer[name] = {"doc_count": 0, **of_nothing(asked.get("aggs", {}))}
        elif _METRICS.intersection(asked):
            answer[name] = {"value": 0 if _COUNTED.intersection(asked) else None}
        else:
            answer[name] = {"buckets": []}
    return answer
