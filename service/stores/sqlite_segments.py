"""What a monitoring tick asks: the aggregates of one monitor's window, by scenario and in all."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from service.stores.post_store import Segment
from service.stores.sqlite_aggregates import DISTINCT
from service.stores.sqlite_rows import from_micros, to_micros, unpack
from service.stores.storable import storable_text

WHOLE = "*"
"""The key of the whole monitor."""

_WINDOW = "FROM monitor_post WHERE monitor = ? AND published_at >= ? AND published_at < ?"
_SUMS = (
    f"count(*), total(sentiment = 'negative'), {DISTINCT}, count(DISTINCT author), max(severity), "
    "total(severity >= 4), total(verified), total(channel = 'news'), count(DISTINCT source), "
    "total(engagement), min(published_at)"
)
_BY_SCENARIO = " ".join(("SELECT scenario,", _SUMS, _WINDOW, "GROUP BY scenario"))
_IN_ALL = " ".join(("SELECT '*',", _SUMS, _WINDOW))
# An author with ten posts reaches the same followers ten times: each counts once, with the most seen.
_REACH = " ".join(
    ("SELECT scenario, total(followers) FROM (SELECT scenario, max(followers) AS followers", _WINDOW)
    + ("GROUP BY scenario, coalesce(author, seq)) GROUP BY scenario",)
)
_REACH_IN_ALL = " ".join(
    ("SELECT '*', total(followers) FROM (SELECT max(followers) AS followers", _WINDOW)
    + ("GROUP BY coalesce(author, seq))",)
)
_CATEGORIES = " ".join(
    ("SELECT scenario, categories, count(*)", _WINDOW)
    + ("AND categories <> '' GROUP BY scenario, categories",)
)
_FIRST = (
    "SELECT p.id FROM monitor_post m JOIN post p ON p.seq = m.seq "
    "WHERE m.monitor = ? AND m.published_at = ? AND (? OR m.scenario IS ?) ORDER BY p.id LIMIT 1"
)


def segments(
    connection: sqlite3.Connection, monitor: str, *, since: datetime, until: datetime
) -> dict[str | None, Segment]:
    """Segment by scenario of the posts published in [since, until), and under "*" all of them.

    Empty when there are none. Every statement walks the window in the clustered table, no more.
    """
    window = (storable_text(monitor), to_micros(since), to_micros(until))
    sums = connection.execute(_BY_SCENARIO, window).fetchall()
    if not sums:
        return {}
    sums += connection.execute(_IN_ALL, window).fetchall()
    reach = dict(connection.execute(_REACH, window).fetchall())
    reach.update(connection.execute(_REACH_IN_ALL, window).fetchall())
    categories: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for scenario, packed, posts in connection.execute(_CATEGORIES, window):
        for category in unpack(packed):
            categories[scenario][category] += posts
            categories[WHOLE][category] += posts
    found = {}
    for scenario, *row in sums:
        first = connection.execute(_FIRST, (window[0], row[-1], scenario == WHOLE, scenario))
        found[scenario] = _segment(
            None if scenario == WHOLE else scenario,
            row,
            reach=int(reach[scenario]),
            first_post_id=first.fetchone()[0],
            categories=dict(sorted(categories[scenario].items())),
        )
    return found


def _segment(
    scenario: str | None,
    row: list[Any],
    *,
    reach: int,
    first_post_id: str,
    categories: dict[str, int],
) -> Segment:
    return Segment(
        scenario=scenario,
        posts=row[0],
        negative=int(row[1]),
        distinct=row[2],
        authors=row[3],
        severity_max=row[4],
        severe=int(row[5]),
        verified=int(row[6]),
        news=int(row[7]),
        sources=row[8],
        reach=reach,
        engagement=int(row[9]),
        first_published_at=from_micros(row[10]),
        first_post_id=first_post_id,
        categories=categories,
    )
