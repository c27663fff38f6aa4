"""What a monitoring tick asks: the aggregates of one monitor's window, by scenario and in all.

Counts of distinct values are exact, so that a tick decides the same on every store.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.stores.elastic.query import ANGRY, NEGATIVE, Clause, both, published, sides
from service.stores.elastic.searching import Searcher
from service.stores.post_store import PostQuery, Segment
from service.stores.sqlite_rows import from_micros, to_micros
from service.stores.sqlite_segments import SEVERE, WHOLE, largest_group
from service.stores.storable import storable_text

PAGE = 10_000
_MOST_CATEGORIES = 1_000
MOST_SCENARIOS = 200
NO_SCENARIO = "\x1f"
"""Stands for no scenario: no name holds the separator."""
_VALUES = ("author", "copy_group", "source")
_NEWS: Clause = {"term": {"channel": "news"}}
_VERIFIED: Clause = {"term": {"verified": True}}


@dataclass(slots=True)
class _Sum:
    """Sums of one scenario; those of several add up."""

    posts: int = 0
    negative: int = 0
    angry: int = 0
    severity_max: int = 0
    severity_sum: int = 0
    severe: int = 0
    verified: int = 0
    news: int = 0
    media: int = 0
    engagement: int = 0
    alone: int = 0
    """Posts without a copy group: each a text of its own."""
    nameless_reach: int = 0
    first: tuple[int, str] | None = None
    categories: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    """Posts by copy group."""
    sources: set[str] = field(default_factory=set)
    reach: dict[str, int] = field(default_factory=dict)
    """Followers by author, the most that was seen."""

    def add(self, other: _Sum) -> None:
        self.posts += other.posts
        self.negative += other.negative
        self.angry += other.angry
        self.severity_max = max(self.severity_max, other.severity_max)
        self.severity_sum += other.severity_sum
        self.severe += other.severe
        self.verified += other.verified
        self.news += other.news
        self.media += other.media
        self.engagement += other.engagement
        self.alone += other.alone
        self.nameless_reach += other.nameless_reach
        if other.first is not None:
            self.first = other.first if self.first is None else min(self.first, other.first)
        self.categories.update(other.categories)
        self.groups.update(other.groups)
        self.sources |= other.sources
        for author, followers in other.reach.items():
            self.reach[author] = max(followers, self.reach.get(author, 0))

    def segment(self, scenario: str | None) -> Segment:
        largest, largest_posts = largest_group(self.groups)
        return Segment(
            scenario=scenario,
            posts=self.posts,
            negative=self.negative,
            distinct=len(self.groups) + self.alone,
            authors=len(self.reach),
            severity_max=self.severity_max,
            severe=self.severe,
            verified=self.verified,
            news=self.news,
            sources=len(self.sources),
            reach=self.nameless_reach + sum(self.reach.values()),
            engagement=self.engagement,
            first_published_at=None if self.first is None else from_micros(self.first[0]),
            first_post_id=None if self.first is None else self.first[1],
            categories=dict(sorted(self.categories.items())),
            largest_group=largest,
            largest_group_posts=largest_posts,
            severity_sum=self.severity_sum,
            media=self.media,
            angry=self.angry,
        )


async def segments(
    posts: Searcher, monitor: str, *, since: datetime, until: datetime, page: int = PAGE
) -> dict[str | None, Segment]:
    """Segment by scenario of the posts published in [since, until), and under "*" all of them.

    `page` is how many distinct values one request brings.
    """
    window: Clause = {
        "bool": {
            "filter": [
                {"term": {"monitors": storable_text(monitor)}},
                published(since_us=to_micros(since), until_us=to_micros(until)),
            ]
        }
    }
    halves = sides(PostQuery(monitors=(monitor,)))
    held, spared = await asyncio.gather(
        _half(posts, both(window, halves.held), counts=True, page=page),
        _half(posts, both(window, halves.spared or {}), counts=False, page=page),
    )
    sums: defaultdict[str | None, _Sum] = defaultdict(_Sum)
    whole = _Sum()
    for half in (held, spared):
        for scenario, its in half.items():
            sums[scenario].add(its)
            whole.add(its)
    if not whole.posts:
        return {}
    found = {scenario: its.segment(scenario) for scenario, its in sums.items()}
    found[WHOLE] = whole.segment(None)
    return found


async def _half(
    posts: Searcher, query: Clause, *, counts: bool, page: int
) -> dict[str | None, _Sum]:
    """The sums of posts whose bad news counts, or of those whose does not."""
    asked = {name: _values(name, None, page) for name in _VALUES}
    found = await posts.aggregate(query, {"scenarios": _sums(), **asked})
    sums: defaultdict[str | None, _Sum] = defaultdict(_Sum)
    for bucket in found["scenarios"]["buckets"]:
        scenario = bucket["key"] if counts and bucket["key"] != NO_SCENARIO else None
        sums[scenario].add(_read(bucket, counts=counts))
    if any(_after(found[name], page) for name in _VALUES):
        pages = await _every_page(posts, query, page)
    else:
        pages = {name: found[name]["buckets"] for name in _VALUES}
    for name, buckets in pages.items():
        for bucket in buckets:
            scenario = bucket["key"]["scenario"] if counts else None
            _note(sums[scenario], name, bucket)
    return dict(sums)


async def _every_page(posts: Searcher, query: Clause, page: int) -> dict[str, list[Any]]:
    """All values of a large window, page by page of one view of the posts."""
    pages: dict[str, list[Any]] = {name: [] for name in _VALUES}
    async with posts.point_in_time() as pit:
        for name in _VALUES:
            after: Mapping[str, Any] | None = None
            while True:
                body = {
                    "size": 0,
                    "track_total_hits": False,
                    "pit": pit,
                    "query": query,
                    "aggs": {name: _values(name, after, page)},
                }
                answer = (await posts.search(body))["aggregations"][name]
                pages[name] += answer["buckets"]
                after = _after(answer, page)
                if after is None:
                    break
    return pages


def _after(answer: Mapping[str, Any], page: int) -> Mapping[str, Any] | None:
    """Where the next page begins; None after the last."""
    if len(answer["buckets"]) < page:
        return None
    after: Mapping[str, Any] = answer["after_key"]
    return after


def _values(name: str, after: Mapping[str, Any] | None, page: int) -> dict[str, Any]:
    """Every value of the field in each scenario, once."""
    composite: dict[str, Any] = {
        "size": page,
        "sources": [
            {"scenario": {"terms": {"field": "scenario", "missing_bucket": True}}},
            {"value": {"terms": {"field": name}}},
        ],
    }
    if after is not None:
        composite["after"] = after
    asked: dict[str, Any] = {"composite": composite}
    if name == "author":
        asked["aggs"] = {"followers": {"max": {"field": "followers"}}}
    return asked


def _sums() -> dict[str, Any]:
    return {
        "terms": {"field": "scenario", "missing": NO_SCENARIO, "size": MOST_SCENARIOS},
        "aggs": {
            "negative": {"filter": NEGATIVE},
            "angry": {"filter": ANGRY},
            "severity_max": {"max": {"field": "severity"}},
            "severity_sum": {"sum": {"field": "severity"}},
            "severe": {"filter": {"range": {"severity": {"gte": SEVERE}}}},
            "verified": {"filter": _VERIFIED},
            "news": {"filter": _NEWS},
            "media": {"filter": {"bool": {"should": [_NEWS, _VERIFIED]}}},
            "engagement": {"sum": {"field": "engagement"}},
            "alone": {"missing": {"field": "copy_group"}},
            "nameless": {
                "missing": {"field": "author"},
                "aggs": {"followers": {"sum": {"field": "followers"}}},
            },
            "categories": {"terms": {"field": "categories", "size": _MOST_CATEGORIES}},
            "first": {
                "top_hits": {
                    "size": 1,
                    "sort": [{"published_us": "asc"}, {"id": "asc"}],
                    "_source": False,
                }
            },
        },
    }


def _read(bucket: Mapping[str, Any], *, counts: bool) -> _Sum:
    published_us, post_id = bucket["first"]["hits"]["hits"][0]["sort"]
    its = _Sum(
        posts=bucket["doc_count"],
        verified=bucket["verified"]["doc_count"],
        news=bucket["news"]["doc_count"],
        media=bucket["media"]["doc_count"],
        engagement=int(bucket["engagement"]["value"]),
        alone=bucket["alone"]["doc_count"],
        nameless_reach=int(bucket["nameless"]["followers"]["value"]),
        first=(published_us, post_id),
    )
    if counts:
        its.negative = bucket["negative"]["doc_count"]
        its.angry = bucket["angry"]["doc_count"]
        its.severity_max = int(bucket["severity_max"]["value"])
        its.severity_sum = int(bucket["severity_sum"]["value"])
        its.severe = bucket["severe"]["doc_count"]
        its.categories = Counter(
            {item["key"]: item["doc_count"] for item in bucket["categories"]["buckets"]}
        )
    return its


def _note(its: _Sum, name: str, bucket: Mapping[str, Any]) -> None:
    value = bucket["key"]["value"]
    if name == "author":
        its.reach[value] = max(int(bucket["followers"]["value"] or 0), its.reach.get(value, 0))
    elif name == "copy_group":
        its.groups[value] += bucket["doc_count"]
    else:
        its.sources.add(value)
