"""Counts over the matches of a query in the embedded store."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from service.stores.post_store import FacetField, PostQuery, TermCount, TimeBucket
from service.stores.significance import stand_out
from service.stores.sqlite_query import QueryPhrases, selection
from service.stores.sqlite_rows import to_micros, unpack

TERM_SAMPLE = 2_000

# a post without a copy group is a text of its own
_BUCKET_SUMS = (
    "SELECT bucket, count(*), total(negative), "
    "count(DISTINCT CASE copy_group WHEN '' THEN seq ELSE copy_group END)"
)

_PACKED = {FacetField.MONITOR, FacetField.CATEGORY, FacetField.TOPIC}
_OF_THE_WHOLE_POST = {FacetField.MONITOR, FacetField.LANG}


def histogram(
    connection: sqlite3.Connection,
    query: PostQuery,
    *,
    interval: timedelta,
    since: datetime,
    until: datetime,
    query_phrases: QueryPhrases,
) -> tuple[TimeBucket, ...]:
    """Every bucket from `since` to before `until`, cut there; `query` may narrow further."""
    width = interval // timedelta(microseconds=1)
    if width <= 0:
        raise ValueError(f"histogram interval must be longer than nothing, not {interval}")
    start, end = to_micros(since), to_micros(until)
    chosen = (
        selection(query, query_phrases, whole_post=False)
        .where("p.published_at >= ?", start)
        .where("p.published_at < ?", end)
    )
    inner = chosen.select(
        "(p.published_at - ?) / ? AS bucket, p.sentiment = 'negative' AS negative, "
        "p.copy_group AS copy_group, p.seq AS seq"
    )
    statement = " ".join((_BUCKET_SUMS, "FROM (", inner, ") GROUP BY bucket"))
    found = {
        bucket: (posts, int(negative), distinct)
        for bucket, posts, negative, distinct in connection.execute(
            statement, (start, width, *chosen.parameters)
        )
    }
    buckets = []
    for bucket in range(-((start - end) // width)):
        posts, negative, distinct = found.get(bucket, (0, 0, 0))
        at = since + bucket * interval
        buckets.append(TimeBucket(start=at, posts=posts, negative=negative, distinct=distinct))
    return tuple(buckets)


def top_terms(
    connection: sqlite3.Connection,
    query: PostQuery,
    *,
    background: PostQuery | None,
    limit: int,
    query_phrases: QueryPhrases,
) -> tuple[TermCount, ...]:
    """Tokens that stand out in the newest matches against the newest posts of `background`."""
    compared = PostQuery() if background is None else background
    return stand_out(
        _sampled_words(connection, query, query_phrases),
        _sampled_words(connection, compared, query_phrases),
        limit=limit,
    )


def facets(
    connection: sqlite3.Connection,
    query: PostQuery,
    *,
    fields: Sequence[FacetField],
    limit: int,
    query_phrases: QueryPhrases,
) -> Mapping[FacetField, tuple[tuple[str, int], ...]]:
    """Matches by value of each field, biggest first, then by name."""
    broken_down = {}
    for facet in fields:
        chosen = selection(query, query_phrases, whole_post=facet in _OF_THE_WHOLE_POST)
        column = f"{chosen.post_alias}.{facet.stored}"
        rows = connection.execute(
            chosen.select(f"{column}, count(*)", f"GROUP BY {column}"), chosen.parameters
        )
        counts: Counter[str] = Counter()
        for value, posts in rows:
            for name in unpack(value) if facet in _PACKED else filter(None, (value,)):
                counts[name] += posts
        broken_down[facet] = tuple(sorted(counts.items(), key=_biggest_first)[:limit])
    return broken_down


def counts_by_monitor(
    connection: sqlite3.Connection, *, since: datetime, until: datetime
) -> dict[str, int]:
    """Posts of each monitor published in [since, until); walks the window of each known monitor."""
    rows = connection.execute(
        "SELECT l.monitor, (SELECT count(*) FROM monitor_post m WHERE m.monitor = l.monitor "
        "AND m.published_at >= ? AND m.published_at < ?) AS posts FROM monitor_last l "
        "WHERE posts > 0 ORDER BY l.monitor",
        (to_micros(since), to_micros(until)),
    )
    return dict(rows.fetchall())


def counts_by_copy_group(
    connection: sqlite3.Connection, query: PostQuery, *, limit: int, query_phrases: QueryPhrases
) -> tuple[tuple[str, int], ...]:
    """Copy groups of the matches, biggest first, then by name."""
    chosen = selection(query, query_phrases, whole_post=False).where("p.copy_group <> ''")
    rows = connection.execute(
        chosen.select(
            "p.copy_group, count(*) AS posts",
            "GROUP BY p.copy_group ORDER BY posts DESC, p.copy_group LIMIT ?",
        ),
        (*chosen.parameters, limit),
    )
    return tuple(rows.fetchall())


def _sampled_words(
    connection: sqlite3.Connection, query: PostQuery, query_phrases: QueryPhrases
) -> list[tuple[str, ...]]:
    chosen = selection(query, query_phrases, whole_post=True)
    post = chosen.post_alias
    rows = connection.execute(
        chosen.select(
            f"iif({post}.words <> '', {post}.words, {post}.search_tokens)",
            "ORDER BY p.published_at DESC, p.seq DESC LIMIT ?",
        ),
        (*chosen.parameters, TERM_SAMPLE),
    )
    return [unpack(packed) for (packed,) in rows]


def _biggest_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
