"""Reads of single posts and pages from the embedded store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

import orjson

from service.stores.cursor import decode_cursor, encode_cursor
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
from service.stores.sqlite_query import QueryPhrases, has_text, selection
from service.stores.sqlite_rows import (
    READ_COLUMNS,
    from_micros,
    read_post,
    read_version,
    to_micros,
    unsigned,
)
from service.stores.storable import storable_text

_MOST_COPIES = 200
_ORDERS = {
    SortOrder.NEWEST: ("p.published_at", "DESC"),
    SortOrder.OLDEST: ("p.published_at", "ASC"),
    SortOrder.ENGAGEMENT: ("p.engagement", "DESC"),
    SortOrder.RELEVANCE: ("f.rank", "ASC"),  # FTS5 counts the best as the most negative
}


_REPOSTS = (
    "FROM post p WHERE p.repost_of IS NOT NULL AND (p.repost_of, p.source) IN "
    "(SELECT value ->> 0, value ->> 1 FROM json_each(?)) AND p.id > ? ORDER BY p.id LIMIT ?"
)
_IN_ID_ORDER = "FROM post p WHERE p.id > ? AND p.published_at >= ? ORDER BY p.id LIMIT ?"


def columns(alias: str) -> str:
    """The columns that `read_post` takes, of the table with this alias."""
    return ", ".join(f"{alias}.{name}" for name in READ_COLUMNS)


def get_many(connection: sqlite3.Connection, post_ids: Iterable[str]) -> dict[str, StoredPost]:
    """The posts that are there, by id."""
    statement = " ".join(
        ("SELECT", columns("p"), "FROM post p WHERE p.id IN (SELECT value FROM json_each(?))")
    )
    ids = orjson.dumps([storable_text(post_id) for post_id in post_ids]).decode()
    posts = (read_post(row) for row in connection.execute(statement, (ids,)))
    return {post.id: post for post in posts}


def versions(connection: sqlite3.Connection, post_id: str) -> tuple[PostVersion, ...]:
    """Earlier wordings, oldest first."""
    rows = connection.execute(
        "SELECT * FROM post_version WHERE post_id = ? ORDER BY version", (storable_text(post_id),)
    )
    return tuple(map(read_version, rows))


def search(
    connection: sqlite3.Connection,
    query: PostQuery,
    *,
    limit: int,
    cursor: str | None,
    sort: SortOrder,
    query_phrases: QueryPhrases,
    locate: Locate,
) -> Page:
    """A page; relevance without a text is newest first. Ties are in the order of storing."""
    if sort is SortOrder.RELEVANCE and not has_text(query):
        sort = SortOrder.NEWEST
    ranked = sort is SortOrder.RELEVANCE
    chosen = selection(query, query_phrases, whole_post=True, ranked=ranked)
    total = count(connection, query, query_phrases=query_phrases)
    key, direction = _ORDERS[sort]
    if cursor is not None:
        sign = "<" if direction == "DESC" else ">"
        position = decode_cursor(query, sort, cursor)
        chosen = chosen.where(f"({key}, p.seq) {sign} (?, ?)", *position)
    rows = connection.execute(
        chosen.select(
            f"{columns(chosen.post_alias)}, {key}, p.seq",
            f"ORDER BY {key} {direction}, p.seq {direction} LIMIT ?",
        ),
        (*chosen.parameters, limit + 1),
    ).fetchall()
    items = tuple(
        FoundPost(post=post, highlights=highlights(post.text, query.text or "", locate=locate))
        for post in map(read_post, rows[:limit])
    )
    more = len(rows) > limit
    following = encode_cursor(query, sort, rows[limit - 1][-2:]) if more else None
    return Page(items=items, next=following, total=total)


def count(connection: sqlite3.Connection, query: PostQuery, *, query_phrases: QueryPhrases) -> int:
    """How many posts match."""
    chosen = selection(query, query_phrases, whole_post=False)
    return int(connection.execute(chosen.select("count(*)"), chosen.parameters).fetchone()[0])


def scan(
    connection: sqlite3.Connection, *, since: datetime | None, after_id: str | None, limit: int
) -> tuple[StoredPost, ...]:
    """Posts in id order, published since."""
    statement = " ".join(("SELECT", columns("p"), _IN_ID_ORDER))
    earliest = -(2**63) if since is None else to_micros(since)
    rows = connection.execute(statement, (storable_text(after_id or ""), earliest, limit))
    return tuple(map(read_post, rows))


def reposts_of(
    connection: sqlite3.Connection,
    originals: Iterable[tuple[str, str]],
    *,
    after_id: str | None,
    limit: int,
) -> tuple[StoredPost, ...]:
    """Posts that share one of the (source, native id), in id order."""
    wanted = [(storable_text(native_id), storable_text(source)) for source, native_id in originals]
    statement = " ".join(("SELECT", columns("p"), _REPOSTS))
    rows = connection.execute(
        statement, (orjson.dumps(wanted).decode(), storable_text(after_id or ""), limit)
    )
    return tuple(map(read_post, rows))


def monitors_since(connection: sqlite3.Connection, stored_after: datetime) -> dict[str, datetime]:
    """Monitors with posts stored after the instant, with the last such instant."""
    rows = connection.execute(
        "SELECT monitor, stored_at FROM monitor_last WHERE stored_at > ? ORDER BY monitor",
        (to_micros(stored_after),),
    )
    return {monitor: from_micros(micros) for monitor, micros in rows}


def find_copies(
    connection: sqlite3.Connection, bands: Sequence[str], *, since: datetime, least: int
) -> tuple[KnownCopy, ...]:
    """Groups and sketches that share at least so many bands, latest first."""
    rows = connection.execute(
        "SELECT copy_group, simhash, json_group_array(band) FROM copy_band "
        "WHERE band IN (SELECT value FROM json_each(?)) AND last_published_at >= ? "
        "GROUP BY copy_group, simhash HAVING count(*) >= ? "
        "ORDER BY max(last_published_at) DESC, copy_group, simhash LIMIT ?",
        (
            orjson.dumps([storable_text(b) for b in bands]).decode(),
            to_micros(since),
            least,
            _MOST_COPIES,
        ),
    )
    return tuple(
        KnownCopy(group=group, simhash=unsigned(simhash), bands=frozenset(orjson.loads(shared)))
        for group, simhash, shared in rows
    )
