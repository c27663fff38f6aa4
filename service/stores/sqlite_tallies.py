"""What indicators ask: sums between instants, and cells by author, source and topic."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from service.stores.post_store import AuthorCell, PostQuery, Tally
from service.stores.sqlite_query import QueryPhrases, selection
from service.stores.sqlite_rows import to_micros, unpack

Row = tuple[Any, ...]

_ROWS_AT_ONCE = 20_000
_COUNTED = ("sentiment", "emotion", "intent", "source", "channel", "topics")
_TALLIED = ", ".join(
    f"p.{name}"
    for name in ("published_at", "copy_group", "engagement", "author", "followers", *_COUNTED)
)
_CELL = "p.author, p.source, p.topics, p.engagement, p.sentiment, p.followers, p.verified"


@dataclass(slots=True)
class _Sum:
    posts: int = 0
    engagement: int = 0
    alone: int = 0
    """Posts without a copy group: each a text of its own."""
    nameless: int = 0
    groups: set[str] = field(default_factory=set)
    reach: dict[str, int] = field(default_factory=dict)
    """Followers by author, the most that was seen."""
    counts: tuple[Counter[str | None], ...] = field(
        default_factory=lambda: tuple(Counter() for _ in _COUNTED)
    )

    def add(self, rows: Sequence[Row]) -> None:
        """Take in rows of the columns of _TALLIED."""
        _, groups, engagement, authors, followers, *counted = zip(*rows, strict=True)
        self.posts += len(rows)
        self.engagement += sum(engagement)
        self.alone += groups.count("")
        self.groups.update(groups)
        for author, count in zip(authors, followers, strict=True):
            if not count:
                continue
            if author is None:
                self.nameless += count
            elif count > self.reach.get(author, 0):
                self.reach[author] = count
        for counter, values in zip(self.counts, counted, strict=True):
            counter.update(values)

    def tally(self, start: datetime, end: datetime) -> Tally:
        *plain, packed = self.counts
        topics: Counter[str | None] = Counter()
        for names, posts in packed.items():
            for name in unpack(names or ""):
                topics[name] += posts
        sentiments, emotions, intents, sources, channels = map(_by_name, plain)
        return Tally(
            start=start,
            end=end,
            posts=self.posts,
            distinct=len(self.groups - {""}) + self.alone,
            reach=self.nameless + sum(self.reach.values()),
            engagement=self.engagement,
            sentiments=sentiments,
            emotions=emotions,
            intents=intents,
            sources=sources,
            channels=channels,
            topics=_by_name(topics),
        )


def require_growing(edges: Sequence[datetime]) -> None:
    """ValueError unless each edge lies after the one before."""
    if any(later <= earlier for earlier, later in pairwise(edges)):
        raise ValueError("the edges of tallies must grow")


def tallies(
    connection: sqlite3.Connection,
    query: PostQuery,
    *,
    edges: Sequence[datetime],
    query_phrases: QueryPhrases,
) -> tuple[Tally, ...]:
    """One walk over the window, some thousand rows of it in memory at a time."""
    require_growing(edges)
    if len(edges) < 2:
        return ()
    micros = [to_micros(edge) for edge in edges]
    chosen = (
        selection(query, query_phrases, whole_post=False)
        .where("p.published_at >= ?", micros[0])
        .where("p.published_at < ?", micros[-1])
    )
    sums = [_Sum() for _ in edges[1:]]
    for rows in _pieces(connection.execute(chosen.select(_TALLIED), chosen.parameters)):
        if len(sums) == 1:
            sums[0].add(rows)
            continue
        by_place: defaultdict[int, list[Row]] = defaultdict(list)
        for row in rows:
            by_place[bisect_right(micros, row[0]) - 1].append(row)
        for place, its_rows in by_place.items():
            sums[place].add(its_rows)
    return tuple(
        each.tally(start, end) for each, (start, end) in zip(sums, pairwise(edges), strict=True)
    )


@dataclass(slots=True)
class _Cell:
    posts: int = 0
    engagement: int = 0
    negative: int = 0
    positive: int = 0
    rated: int = 0
    followers: int | None = None
    verified: bool = False


def author_cells(
    connection: sqlite3.Connection,
    query: PostQuery,
    *,
    topics: str | None,
    query_phrases: QueryPhrases,
) -> tuple[AuthorCell, ...]:
    """Ordered by author, source and topic; what has none comes first."""
    chosen = selection(query, query_phrases, whole_post=False)
    cells: defaultdict[tuple[str | None, str, str | None], _Cell] = defaultdict(_Cell)
    of_packed: dict[str, str | None] = {}
    for rows in _pieces(connection.execute(chosen.select(_CELL), chosen.parameters)):
        for author, source, packed, engagement, sentiment, followers, verified in rows:
            if packed not in of_packed:
                of_packed[packed] = topic_in(unpack(packed), topics)
            cell = cells[author, source, of_packed[packed]]
            cell.posts += 1
            cell.engagement += engagement
            cell.negative += sentiment == "negative"
            cell.positive += sentiment == "positive"
            cell.rated += sentiment is not None
            if followers is not None:
                cell.followers = max(followers, cell.followers or 0)
            cell.verified = cell.verified or bool(verified)
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


def authors(
    connection: sqlite3.Connection, query: PostQuery, *, query_phrases: QueryPhrases
) -> frozenset[str]:
    """Who wrote the matches."""
    chosen = selection(query, query_phrases, whole_post=False).where("p.author IS NOT NULL")
    rows = connection.execute(chosen.select("DISTINCT p.author"), chosen.parameters)
    return frozenset(author for (author,) in rows)


def topic_in(names: Sequence[str], version: str | None) -> str | None:
    """The first of the topics that is one of the version."""
    if version is None:
        return None
    return next((name for name in names if name.startswith(f"{version}:")), None)


def cell_order(item: tuple[tuple[str | None, str, str | None], object]) -> tuple[str, str, str]:
    """In what order cells are answered, by every engine."""
    author, source, topic = item[0]
    return author or "", source, topic or ""


def _by_name(counts: Mapping[str | None, int]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(filter(None, counts))}


def _pieces(rows: sqlite3.Cursor) -> Iterator[list[Row]]:
    while some := rows.fetchmany(_ROWS_AT_ONCE):
        yield some
