"""Reads of single posts and pages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.stores.cursor import decode_cursor, encode_cursor
from service.stores.elastic.documents import read_copy_key, read_post, read_version
from service.stores.elastic.query import Clause, published, search_query
from service.stores.elastic.searching import IDS_AT_ONCE, MOST_HITS, Searcher, chunks
from service.stores.highlight import Locate, highlights
from service.stores.post_store import (
    FoundPost,
    KnownCopy,
    Page,
    PostQuery,
    PostVersion,
    SortOrder,
    StoredPost,
)
from service.stores.sqlite_query import QueryPhrases, has_text
from service.stores.sqlite_rows import from_micros, to_micros
from service.stores.storable import storable_text

MOST_MONITORS = 10_000
_MOST_COPIES = 200
_ORDERS = {
    SortOrder.NEWEST: ("published_us", "desc"),
    SortOrder.OLDEST: ("published_us", "asc"),
    SortOrder.ENGAGEMENT: ("engagement", "desc"),
    SortOrder.RELEVANCE: ("_score", "desc"),
}


async def get_many(posts: Searcher, post_ids: Sequence[str]) -> dict[str, StoredPost]:
    """The posts that are there, by id."""
    wanted = list(dict.fromkeys(map(storable_text, post_ids)))
    found = {}
    for some in chunks(wanted, IDS_AT_ONCE):
        body = {
            "size": len(some),
            "query": {"ids": {"values": some}},
            "track_total_hits": False,
        }
        for hit in await posts.hits(body):
            post = read_post(hit["_source"])
            found[post.id] = post
    return found


async def get_versions(versions: Searcher, post_id: str) -> tuple[PostVersion, ...]:
    """Earlier wordings, oldest first; of more than 10,000 the latest."""
    body = {
        "size": MOST_HITS,
        "query": {"term": {"post_id": storable_text(post_id)}},
        "sort": [{"version": "desc"}],
        "track_total_hits": False,
    }
    hits = await versions.hits(body)
    return tuple(read_version(hit["_source"]) for hit in reversed(hits))


async def search(
    posts: Searcher,
    query: PostQuery,
    *,
    limit: int,
    cursor: str | None,
    sort: SortOrder,
    query_phrases: QueryPhrases,
    locate: Locate,
) -> Page:
    """A page; relevance without a text is newest first. Ties keep to one order."""
    if sort is SortOrder.RELEVANCE and not has_text(query):
        sort = SortOrder.NEWEST
    size = min(limit, MOST_HITS - 1)
    asked = search_query(query, query_phrases)
    key, direction = _ORDERS[sort]
    body: dict[str, Any] = {
        "size": size + 1,
        "query": asked,
        "sort": [{key: direction}, {"tie": direction}],
        # Counted apart: who need not count stops at the end of the page.
        "track_total_hits": False,
    }
    if cursor is not None:
        body["search_after"] = decode_cursor(query, sort, cursor)
    params = {}
    if sort is SortOrder.RELEVANCE:
        # Words are weighed alike in every month.
        params["search_type"] = "dfs_query_then_fetch"
    found, total = await asyncio.gather(posts.search(body, params=params), posts.count(asked))
    hits = found["hits"]["hits"]
    items = tuple(
        FoundPost(post=post, highlights=highlights(post.text, query.text or "", locate=locate))
        for post in (read_post(hit["_source"]) for hit in hits[:size])
    )
    more = len(hits) > size
    following = encode_cursor(query, sort, tuple(hits[size - 1]["sort"])) if more else None
    return Page(items=items, next=following, total=total)


async def count(posts: Searcher, query: PostQuery, *, query_phrases: QueryPhrases) -> int:
    """How many posts match."""
    return await posts.count(search_query(query, query_phrases))


async def scan(
    posts: Searcher, *, since: datetime | None, after_id: str | None, limit: int
) -> tuple[StoredPost, ...]:
    """Posts in id order, published since."""
    filters: list[Clause] = [{"range": {"id": {"gt": storable_text(after_id or "")}}}]
    if since is not None:
        filters.append(published(since_us=to_micros(since)))
    return await _in_id_order(posts, filters, limit=limit)


async def reposts_of(
    posts: Searcher,
    originals: Sequence[tuple[str, str]],
    *,
    after_id: str | None,
    limit: int,
) -> tuple[StoredPost, ...]:
    """Posts that share one of the (source, native id), in id order."""
    if not originals:
        return ()
    shared: dict[str, list[str]] = {}
    for source, native_id in originals:
        shared.setdefault(storable_text(source), []).append(storable_text(native_id))
    either: list[Clause] = [
        {"bool": {"filter": [{"term": {"source": source}}, {"terms": {"repost_of": native_ids}}]}}
        for source, native_ids in shared.items()
    ]
    filters: list[Clause] = [
        {"bool": {"should": either}},
        {"range": {"id": {"gt": storable_text(after_id or "")}}},
    ]
    return await _in_id_order(posts, filters, limit=limit)


async def _in_id_order(
    posts: Searcher, filters: Sequence[Clause], *, limit: int
) -> tuple[StoredPost, ...]:
    body: dict[str, Any] = {
        "query": {"bool": {"filter": list(filters)}},
        "sort": [{"id": "asc"}],
        "track_total_hits": False,
    }
    found: list[StoredPost] = []
    while len(found) < limit:
        size = min(limit - len(found), MOST_HITS)
        hits = await posts.hits(body | {"size": size})
        found += [read_post(hit["_source"]) for hit in hits]
        if len(hits) < size:
            break
        body["search_after"] = hits[-1]["sort"]
    return tuple(found)


async def monitors_since(
    posts: Searcher, stored_after: datetime, *, frontier: int | None
) -> dict[str, datetime]:
    """Monitors with posts stored after the instant and before the frontier, with the last such."""
    if frontier is None:
        return {}
    stored: Mapping[str, Any] = {"gt": to_micros(stored_after), "lt": frontier}
    found = await posts.aggregate(
        {"bool": {"filter": [{"range": {"stored_us": stored}}]}},
        {
            "monitors": {
                "terms": {"field": "monitors", "size": MOST_MONITORS, "order": {"_key": "asc"}},
                "aggs": {"last": {"max": {"field": "stored_us"}}},
            }
        },
    )
    return {
        bucket["key"]: from_micros(int(bucket["last"]["value"]))
        for bucket in found["monitors"]["buckets"]
    }


async def find_copies(
    posts: Searcher, bands: Sequence[str], *, since: datetime, least: int
) -> tuple[KnownCopy, ...]:
    """Groups and sketches that share at least so many bands, latest first."""
    asked = {storable_text(band) for band in bands}
    if not asked:
        return ()
    sharing: list[Clause] = [{"term": {"copy_bands": band}} for band in sorted(asked)]
    shared: Clause = {"bool": {"should": sharing, "minimum_should_match": least}}
    found = await posts.aggregate(
        {"bool": {"filter": [shared, published(since_us=to_micros(since))]}},
        {
            "copies": {
                # Nearly every post has a key of its own: no table over all of them.
                "terms": {
                    "field": "copy_key",
                    "size": _MOST_COPIES,
                    "order": [{"last": "desc"}, {"_key": "asc"}],
                    "execution_hint": "map",
                },
                "aggs": {
                    "last": {"max": {"field": "published_us"}},
                    # Posts of one sketch have the same bands, so one of them tells.
                    "one": {"top_hits": {"size": 1, "_source": ["copy_bands"]}},
                },
            }
        },
    )
    return tuple(_known_copy(bucket, asked) for bucket in found["copies"]["buckets"])


def _known_copy(bucket: Mapping[str, Any], asked: set[str]) -> KnownCopy:
    group, simhash = read_copy_key(bucket["key"])
    [hit] = bucket["one"]["hits"]["hits"]
    shared = asked.intersection(hit["_source"]["copy_bands"])
    return KnownCopy(group=group, simhash=simhash, bands=frozenset(shared))
