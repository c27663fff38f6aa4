"""Counts over the matches of a query."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from service.stores.elastic.query import (
    NEGATIVE,
    Clause,
    both,
    published,
    search_query,
    sides,
)
from service.stores.elastic.reading import MOST_MONITORS
from service.stores.elastic.searching import Searcher
from service.stores.post_store import FacetField, PostQuery, TermCount, TimeBucket
from service.stores.sqlite_query import QueryPhrases
from service.stores.sqlite_rows import to_micros

TERM_SAMPLE = 2_000
_MOST_BUCKETS = 5_000
"""Buckets in one request: the cluster refuses more than 65,536 in all."""
_SHARD_SIZE = 1_000
"""Values that each month reports: above it, a small one in several months may be undercounted."""

_BAD_NEWS = {
    FacetField.SCENARIO,
    FacetField.CATEGORY,
    FacetField.SENTIMENT,
    FacetField.EMOTION,
    FacetField.INTENT,
}
"""What is not counted of posts that spare the monitor."""

# The formula of `significance.stand_out`: the gain in share times the ratio of shares, the share in
# the background smoothed by half a post.
_GAIN = (
    "double share = params._subset_freq.doubleValue() / params._subset_size.doubleValue();"
    " double usual = (params._superset_freq.doubleValue() + 0.5)"
    " / (params._superset_size.doubleValue() + 1.0);"
    " return (share - usual) * share / usual;"
)


async def histogram(
    posts: Searcher,
    query: PostQuery,
    *,
    interval: timedelta,
    since: datetime,
    until: datetime,
    query_phrases: QueryPhrases,
) -> tuple[TimeBucket, ...]:
    """Every bucket from `since` to before `until`, cut there; `query` may narrow further.

    `distinct` is counted by HyperLogLog++: up to some thousand texts a bucket nearly always exact.
    """
    width = interval // timedelta(microseconds=1)
    if width <= 0:
        raise ValueError(f"histogram interval must be longer than nothing, not {interval}")
    start, end = to_micros(since), to_micros(until)
    total = max(0, -((start - end) // width))
    asked = search_query(query, query_phrases)
    found: dict[int, tuple[int, int, int]] = {}
    for first in range(0, total, _MOST_BUCKETS):
        begin = start + first * width
        window = published(
            since_us=begin, until_us=min(end, start + (first + _MOST_BUCKETS) * width)
        )
        answer = await posts.aggregate(
            both(asked, window), {"time": _by_time(query, start, width, min(total, _MOST_BUCKETS))}
        )
        for bucket in answer["time"]["buckets"]:
            distinct = bucket["groups"]["value"] + bucket["alone"]["doc_count"]
            place = round((bucket["key"] - start) / width)
            found[place] = (bucket["doc_count"], bucket["negative"]["doc_count"], distinct)
    buckets = []
    for place in range(total):
        count, negative, distinct = found.get(place, (0, 0, 0))
        at = since + place * interval
        buckets.append(TimeBucket(start=at, posts=count, negative=negative, distinct=distinct))
    return tuple(buckets)


def _by_time(query: PostQuery, start: int, width: int, buckets: int) -> dict[str, Any]:
    # a post without a copy group is a text of its own
    texts = {"field": "copy_group", "precision_threshold": max(100, min(3_000, 10**6 // buckets))}
    return {
        "histogram": {
            "field": "published_us",
            "interval": width,
            "offset": start % width,
            "min_doc_count": 1,
        },
        "aggs": {
            "negative": {"filter": both(NEGATIVE, sides(query).held)},
            "groups": {"cardinality": texts},
            "alone": {"missing": {"field": "copy_group"}},
        },
    }


async def top_terms(
    posts: Searcher,
    query: PostQuery,
    *,
    background: PostQuery | None,
    limit: int,
    query_phrases: QueryPhrases,
) -> tuple[TermCount, ...]:
    """Words that stand out in the newest matches against the newest posts of `background`."""
    compared = PostQuery() if background is None else background
    matches, others = await asyncio.gather(
        _newest(posts, search_query(query, query_phrases)),
        _newest(posts, search_query(compared, query_phrases)),
    )
    found = await posts.aggregate(
        matches,
        {
            "words": {
                "significant_terms": {
                    "field": "words",
                    "size": max(2 * limit, 50),
                    "shard_size": 5_000,
                    "min_doc_count": 1,
                    "background_filter": others,
                    "execution_hint": "map",
                    "script_heuristic": {"script": {"lang": "painless", "source": _GAIN}},
                }
            }
        },
    )
    ranked = sorted(
        found["words"]["buckets"],
        key=lambda bucket: (-bucket["score"], -bucket["doc_count"], bucket["key"]),
    )
    return tuple(
        TermCount(term=bucket["key"], posts=bucket["doc_count"], background=bucket["bg_count"])
        for bucket in ranked[:limit]
    )


async def _newest(posts: Searcher, asked: Clause) -> Clause:
    """The query for the newest TERM_SAMPLE of the matches, and those of the same instant."""
    hits = await posts.hits(
        {
            "size": 1,
            "from": TERM_SAMPLE - 1,
            "query": asked,
            "sort": [{"published_us": "desc"}],
            "_source": False,
            "track_total_hits": False,
        }
    )
    return both(asked, published(since_us=hits[0]["sort"][0])) if hits else asked


async def facets(
    posts: Searcher,
    query: PostQuery,
    *,
    fields: Sequence[FacetField],
    limit: int,
    query_phrases: QueryPhrases,
) -> Mapping[FacetField, tuple[tuple[str, int], ...]]:
    """Matches by value of each field, biggest first, then by name."""
    halves = sides(query)
    asked: dict[str, Any] = {}
    for facet in fields:
        by_value: dict[str, Any] = {
            "terms": {
                "field": facet.stored,
                "size": limit + 1,
                "shard_size": max(_SHARD_SIZE, limit + 1),
            }
        }
        if facet in _BAD_NEWS:
            by_value = {"filter": halves.held, "aggs": {"held": by_value}}
        asked[facet.value] = by_value
    if FacetField.SENTIMENT in fields and halves.spared is not None:
        asked["spared"] = {
            "filter": halves.spared,
            "aggs": {"held": {"terms": {"field": "sentiment", "size": limit + 1}}},
        }
    found = await posts.aggregate(search_query(query, query_phrases), asked)
    broken_down = {}
    for facet in fields:
        counts = _counts(found[facet.value])
        if facet is FacetField.SENTIMENT and "spared" in found:
            for name, count in _counts(found["spared"]).items():
                counts["neutral" if name == "negative" else name] += count
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        broken_down[facet] = tuple(ranked[:limit])
    return broken_down


def _counts(answer: Mapping[str, Any]) -> Counter[str]:
    buckets = answer.get("held", answer)["buckets"]
    return Counter({bucket["key"]: bucket["doc_count"] for bucket in buckets if bucket["key"]})


async def counts_by_monitor(posts: Searcher, *, since: datetime, until: datetime) -> dict[str, int]:
    """Posts of each monitor published in [since, until)."""
    window = published(since_us=to_micros(since), until_us=to_micros(until))
    by_monitor = {"terms": {"field": "monitors", "size": MOST_MONITORS, "order": {"_key": "asc"}}}
    found = await posts.aggregate({"bool": {"filter": [window]}}, {"monitors": by_monitor})
    return {bucket["key"]: bucket["doc_count"] for bucket in found["monitors"]["buckets"]}


async def counts_by_copy_group(
    posts: Searcher, query: PostQuery, *, limit: int, query_phrases: QueryPhrases
) -> tuple[tuple[str, int], ...]:
    """Copy groups of the matches, biggest first, then by name."""
    groups = {
        "terms": {
            "field": "copy_group",
            "size": limit,
            "shard_size": max(_SHARD_SIZE, limit),
            "execution_hint": "map",
        }
    }
    found = await posts.aggregate(search_query(query, query_phrases), {"groups": groups})
    return tuple((bucket["key"], bucket["doc_count"]) for bucket in found["groups"]["buckets"])
