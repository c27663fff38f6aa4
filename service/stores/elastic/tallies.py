"""What indicators ask: sums between instants, and cells by author, source and topic."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from service.stores.elastic.query import NEGATIVE, Clause, both, published, search_query, sides
from service.stores.elastic.searching import Searcher
from service.stores.post_store import AuthorCell, PostQuery, Tally
from service.stores.sqlite_query import QueryPhrases
from service.stores.sqlite_rows import to_micros
from service.stores.sqlite_tallies import cell_order, require_growing
from service.stores.storable import storable_text

PAGE = 10_000
_MOST_SOURCES = 1_000
_MOST_LABELS = 50
_MOST_TOPICS = 1_000
_LABELS = ("sentiment", "emotion", "intent")
_POSITIVE: Clause = {"term": {"sentiment": "positive"}}


async def tallies(
    posts: Searcher,
    query: PostQuery,
    *,
    edges: Sequence[datetime],
    query_phrases: QueryPhrases,
    page: int = PAGE,
) -> tuple[Tally, ...]:
    """A request for each, and one for every `page` of its authors: reach is exact."""
    require_growing(edges)
    asked = search_query(query, query_phrases)
    found = []
    for start, end in pairwise(edges):
        window = both(asked, published(since_us=to_micros(start), until_us=to_micros(end)))
        answer = await posts.aggregate(window, _sums(query))
        found.append(
            _tally(
                answer,
                start=start,
                end=end,
                posts=await posts.count(window),
                reach=await _reach(posts, window, page),
            )
        )
    return tuple(found)


def _sums(query: PostQuery) -> dict[str, Any]:
    halves = sides(query)
    asked: dict[str, Any] = {
        "groups": {"cardinality": {"field": "copy_group", "precision_threshold": 3_000}},
        "alone": {"missing": {"field": "copy_group"}},
        "engagement": {"sum": {"field": "engagement"}},
        "nameless": {
            "filter": {"bool": {"must_not": [{"exists": {"field": "author"}}]}},
            "aggs": {"followers": {"sum": {"field": "followers"}}},
        },
        "source": _terms("source", _MOST_SOURCES),
        "channel": _terms("channel", _MOST_LABELS),
        "topics": _terms("topics", _MOST_TOPICS),
    }
    for label in _LABELS:
        values = {"held": _terms(label, _MOST_LABELS)}
        asked[label] = {"filter": halves.held, "aggs": values}
    if halves.spared is not None:
        values = {"held": _terms("sentiment", _MOST_LABELS)}
        asked["spared"] = {"filter": halves.spared, "aggs": values}
    return asked


def _tally(
    answer: Mapping[str, Any], *, start: datetime, end: datetime, posts: int, reach: int
) -> Tally:
    sentiments = _counts(answer["sentiment"]["held"])
    if "spared" in answer:
        # whom a post spares, for them a negative one is neutral
        for name, count in _counts(answer["spared"]["held"]).items():
            sentiments["neutral" if name == "negative" else name] += count
    return Tally(
        start=start,
        end=end,
        posts=posts,
        distinct=answer["groups"]["value"] + answer["alone"].get("doc_count", 0),
        reach=int(answer["nameless"]["followers"]["value"]) + reach,
        engagement=int(answer["engagement"]["value"]),
        sentiments=_sorted(sentiments),
        emotions=_sorted(_counts(answer["emotion"]["held"])),
        intents=_sorted(_counts(answer["intent"]["held"])),
        sources=_sorted(_counts(answer["source"])),
        channels=_sorted(_counts(answer["channel"])),
        topics=_sorted(_counts(answer["topics"])),
    )


async def _reach(posts: Searcher, window: Clause, page: int) -> int:
    """Followers of every author, the most that was seen of each."""
    of_author = [{"author": {"terms": {"field": "author"}}}]
    asked = {"followers": {"max": {"field": "followers"}}}
    total = 0
    async for bucket in _buckets(posts, window, of_author, asked, page):
        total += int(bucket["followers"]["value"] or 0)
    return total


@dataclass(slots=True)
class _Cell:
    posts: int = 0
    engagement: int = 0
    negative: int = 0
    positive: int = 0
    rated: int = 0
    followers: int | None = None
    verified: bool = False

    def add(self, bucket: Mapping[str, Any]) -> None:
        self.posts += bucket["doc_count"]
        self.engagement += int(bucket["engagement"]["value"])
        self.negative += bucket["negative"]["doc_count"]
        self.positive += bucket["positive"]["doc_count"]
        self.rated += bucket["rated"]["doc_count"]
        followers = bucket["followers"]["value"]
        if followers is not None:
            self.followers = max(int(followers), self.followers or 0)
        self.verified = self.verified or bool(bucket["verified"]["doc_count"])


async def author_cells(
    posts: Searcher,
    query: PostQuery,
    *,
    topics: str | None,
    query_phrases: QueryPhrases,
    page: int = PAGE,
) -> tuple[AuthorCell, ...]:
    """A walk for each topic of the version, and one for the posts that have none of it."""
    asked = search_query(query, query_phrases)
    held = sides(query).held
    sources: list[Mapping[str, Any]] = [
        {"author": {"terms": {"field": "author", "missing_bucket": True}}},
        {"source": {"terms": {"field": "source"}}},
    ]
    sums: dict[str, Any] = {
        "engagement": {"sum": {"field": "engagement"}},
        "negative": {"filter": both(NEGATIVE, held)},
        "positive": {"filter": _POSITIVE},
        "rated": {"filter": {"exists": {"field": "sentiment"}}},
        "followers": {"max": {"field": "followers"}},
        "verified": {"filter": {"term": {"verified": True}}},
    }
    cells: defaultdict[tuple[str | None, str, str | None], _Cell] = defaultdict(_Cell)
    for topic, clause in await _by_topic(posts, asked, topics):
        async for bucket in _buckets(posts, both(asked, clause), sources, sums, page):
            key = bucket["key"]
            cells[key["author"], key["source"], topic].add(bucket)
    return tuple(
        AuthorCell(
            author=author,
            source=source,
            topic=topic,
            posts=cell.posts,
            engagement=cell.engagement,
            negative=cell.negative,
            positive=cell.positive,
            rated=cell.rated,
            followers=cell.followers,
            verified=cell.verified,
        )
        for (author, source, topic), cell in sorted(cells.items(), key=cell_order)
    )


async def _by_topic(
    posts: Searcher, asked: Clause, version: str | None
) -> list[tuple[str | None, Clause]]:
    if version is None:
        return [(None, {"match_all": {}})]
    prefix = f"{storable_text(version)}:"
    found = await posts.aggregate(asked, {"topics": _terms("topics", _MOST_TOPICS)})
    names = sorted(name for name in _counts(found["topics"]) if name.startswith(prefix))
    marked: Clause = {"prefix": {"topics": prefix}}
    of_none: Clause = {"bool": {"must_not": [marked]}}
    return [*((name, {"term": {"topics": name}}) for name in names), (None, of_none)]


async def authors(
    posts: Searcher, query: PostQuery, *, query_phrases: QueryPhrases, page: int = PAGE
) -> frozenset[str]:
    """Who wrote the matches."""
    asked = search_query(query, query_phrases)
    of_author = [{"author": {"terms": {"field": "author"}}}]
    return frozenset(
        [bucket["key"]["author"] async for bucket in _buckets(posts, asked, of_author, {}, page)]
    )


async def _buckets(
    posts: Searcher,
    query: Clause,
    sources: Sequence[Mapping[str, Any]],
    sums: Mapping[str, Any],
    page: int,
) -> AsyncIterator[Mapping[str, Any]]:
    """Every combination of the sources' values, page by page of one view of the posts."""
    composite: dict[str, Any] = {"size": page, "sources": list(sources)}
    asked: dict[str, Any] = {"composite": composite}
    if sums:
        asked["aggs"] = dict(sums)
    answer = (await posts.aggregate(query, {"all": asked}))["all"]
    for bucket in answer["buckets"]:
        yield bucket
    if len(answer["buckets"]) < page:
        return
    async with posts.point_in_time() as pit:
        while len(answer["buckets"]) == page:
            composite["after"] = answer["after_key"]
            body = {"size": 0, "track_total_hits": False, "pit": pit, "query": query}
            answer = (await posts.search({**body, "aggs": {"all": asked}}))["aggregations"]["all"]
            for bucket in answer["buckets"]:
                yield bucket


def _terms(name: str, size: int) -> dict[str, Any]:
    return {"terms": {"field": name, "size": size, "shard_size": max(1_000, size)}}


def _counts(answer: Mapping[str, Any]) -> Counter[str]:
    return Counter(
        {bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"] if bucket["key"]}
    )


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))
