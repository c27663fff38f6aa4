"""What follows from posts: the word index, copy candidates, when a monitor last got a post."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from service.stores.post_store import StoredPost
from service.stores.sqlite_rows import from_micros, pack, signed, to_micros


def index_words(connection: sqlite3.Connection, posts: Iterable[tuple[int, StoredPost]]) -> None:
    """Make posts findable by their tokens."""
    connection.executemany(
        "INSERT INTO post_fts (rowid, tokens) VALUES (?, ?)",
        [(seq, pack(post.search_tokens)) for seq, post in posts],
    )


def unindex_words(connection: sqlite3.Connection, posts: Iterable[tuple[int, StoredPost]]) -> None:
    """Take posts out of the index, which keeps no text and must be told the very tokens."""
    connection.executemany(
        "INSERT INTO post_fts (post_fts, rowid, tokens) VALUES ('delete', ?, ?)",
        [(seq, pack(post.search_tokens)) for seq, post in posts],
    )


def offer_copies(connection: sqlite3.Connection, posts: Iterable[StoredPost]) -> None:
    """Make posts candidates for later copies; posts without a copy group are none."""
    connection.executemany(
        "INSERT INTO copy_band VALUES (?, ?, ?, ?) "
        "ON CONFLICT (band, copy_group, simhash) DO UPDATE "
        "SET last_published_at = max(last_published_at, excluded.last_published_at)",
        [
            (band, post.copy_group, signed(post.simhash), to_micros(post.published_at))
            for post in posts
            if post.copy_group
            for band in set(post.copy_bands)
        ],
    )


def retract_copies(connection: sqlite3.Connection, posts: Iterable[StoredPost]) -> None:
    """Correct the candidates after these posts were erased or reworded."""
    keys = {(post.copy_group, signed(post.simhash), post.copy_bands) for post in posts}
    for group, simhash, bands in keys:
        last = connection.execute(
            "SELECT max(published_at) FROM post WHERE copy_group = ? AND simhash = ?",
            (group, simhash),
        ).fetchone()[0]
        if last is None:
            connection.executemany(
                "DELETE FROM copy_band WHERE band = ? AND copy_group = ? AND simhash = ?",
                [(band, group, simhash) for band in bands],
            )
        else:
            connection.executemany(
                "UPDATE copy_band SET last_published_at = ? "
                "WHERE band = ? AND copy_group = ? AND simhash = ?",
                [(last, band, group, simhash) for band in bands],
            )


def earliest_stamp(connection: sqlite3.Connection) -> datetime | None:
    """The first `stored_at` that a new post may get; None in a store that never held one."""
    row = connection.execute("SELECT stored_at FROM last_stored").fetchone()
    return None if row is None else from_micros(row[0]) + timedelta(microseconds=1)


def note_stamps(connection: sqlite3.Connection, posts: Iterable[StoredPost]) -> None:
    """Remember the latest `stored_at` of these new posts, for `earliest_stamp`."""
    latest = max((to_micros(post.stored_at) for post in posts), default=None)
    if latest is not None:
        connection.execute("REPLACE INTO last_stored VALUES (1, ?)", (latest,))


def note_last(connection: sqlite3.Connection, posts: Iterable[StoredPost]) -> None:
    """Remember for each monitor the latest `stored_at` of its posts."""
    last: dict[str, int] = {}
    for post in posts:
        stored_at = to_micros(post.stored_at)
        for monitor in post.monitors:
            last[monitor] = max(stored_at, last.get(monitor, stored_at))
    connection.executemany(
        "INSERT INTO monitor_last VALUES (?, ?) "
        "ON CONFLICT (monitor) DO UPDATE SET stored_at = max(stored_at, excluded.stored_at)",
        list(last.items()),
    )


def recompute_last(connection: sqlite3.Connection, posts: Iterable[StoredPost]) -> None:
    """Correct what `note_last` remembers after these posts have left their monitors."""
    left = {(monitor, to_micros(post.stored_at)) for post in posts for monitor in post.monitors}
    # a monitor whose latest post stays is not scanned
    stale = {
        (monitor,)
        for monitor, stored_at in left
        if connection.execute(
            "SELECT 1 FROM monitor_last WHERE monitor = ? AND stored_at <= ?", (monitor, stored_at)
        ).fetchone()
    }
    connection.executemany("DELETE FROM monitor_last WHERE monitor = ?", stale)
    connection.executemany(
        "INSERT INTO monitor_last SELECT monitor, max(stored_at) FROM monitor_post "
        "WHERE monitor = ? GROUP BY monitor",
        stale,
    )
