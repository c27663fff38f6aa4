"""What a monitoring tick asks: the aggregates of one monitor's window, by scenario and in all."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from service.stores.post_store import Segment
from service.stores.sqlite_rows import from_micros, to_micros, unpack
from service.stores.storable import storable_text

WHOLE = "*"
"""The key of the whole monitor."""
SEVERE = 4
"""Lexicon severity from which a post counts as severe."""

Row = tuple[Any, ...]

# One walk over the clustered table, summed here: measured faster than the seven statements that SQL
# needs for several distinct counts in two groupings.
_WINDOW = (
    "SELECT scenario, published_at, seq, sentiment = 'negative', severity, author, followers, "
    "verified, engagement, channel = 'news', source, categories, copy_group, emotion = 'angry' "
    "FROM monitor_post WHERE monitor = ? AND published_at >= ? AND published_at < ? "
    "ORDER BY published_at"
)
_FIRST_ID = "SELECT min(id) FROM post WHERE seq IN (SELECT value FROM json_each(?))"


def segments(
    connection: sqlite3.Connection, monitor: str, *, since: datetime, until: datetime
) -> dict[str | None, Segment]:
    """Segment by scenario of the posts published in [since, until), and under "*" all of them.

    Empty when there are none. The first post of several at the same instant is the one with the
    smallest id.
    """
    window = (storable_text(monitor), to_micros(since), to_micros(until))
    rows = connection.execute(_WINDOW, window).fetchall()
    if not rows:
        return {}
    by_scenario: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        by_scenario[row[0]].append(row)
    found = {
        scenario: _segment(connection, scenario, its_rows)
        for scenario, its_rows in by_scenario.items()
    }
    found[WHOLE] = _segment(connection, None, rows)
    return found


def _segment(connection: sqlite3.Connection, scenario: str | None, rows: list[Row]) -> Segment:
    columns = tuple(zip(*rows, strict=True))
    _, published, seqs, negative, severities, authors, followers, verified = columns[:8]
    engagement, news, sources, categories, copy_groups, angry = columns[8:]
    groups = Counter(copy_groups)
    # a post without a copy group is a text of its own
    alone = groups.pop("", 0)
    largest, largest_posts = largest_group(groups)
    first = [seq for seq, at in zip(seqs, published, strict=True) if at == published[0]]
    first_id = connection.execute(_FIRST_ID, (orjson.dumps(first).decode(),)).fetchone()[0]
    return Segment(
        scenario=scenario,
        posts=len(rows),
        negative=sum(filter(None, negative)),
        distinct=len(groups) + alone,
        authors=len(set(authors) - {None}),
        severity_max=max(severities),
        severe=sum(severity >= SEVERE for severity in severities),
        verified=sum(filter(None, verified)),
        news=sum(news),
        sources=len(set(sources)),
        reach=_reach(authors, followers),
        engagement=sum(engagement),
        first_published_at=from_micros(published[0]),
        first_post_id=first_id,
        categories=_category_counts(categories),
        largest_group=largest,
        largest_group_posts=largest_posts,
        severity_sum=sum(severities),
        media=sum(1 for is_news, by in zip(news, verified, strict=True) if is_news or by),
        angry=sum(filter(None, angry)),
    )


def largest_group(posts: Mapping[str, int]) -> tuple[str | None, int]:
    """The copy group with most posts, of several the first by name, and its posts."""
    if not posts:
        return None, 0
    name = min(posts, key=lambda group: (-posts[group], group))
    return name, posts[name]


def _reach(authors: Sequence[str | None], followers: Sequence[int | None]) -> int:
    """Followers of all authors: one with ten posts counts once, at the most that was seen."""
    nameless = 0
    most: dict[str, int] = {}
    for author, count in zip(authors, followers, strict=True):
        if author is None:
            nameless += count or 0
        else:
            most[author] = max(count or 0, most.get(author, 0))
    return nameless + sum(most.values())


def _category_counts(packed_lists: Sequence[str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for packed, posts in Counter(packed_lists).items():
        for category in unpack(packed):
            counts[category] += posts
    return dict(sorted(counts.items()))
