"""Writes of the embedded store. Each function runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from service.stores.merge import deleted, first_stored, inherited, merge
from service.stores.post_store import Inheritance, PostChange, StoredPost, Upserted
from service.stores.sqlite_derived import (
    earliest_stamp,
    index_words,
    note_last,
    note_stamps,
    offer_copies,
    recompute_last,
    retract_copies,
    unindex_words,
)
from service.stores.sqlite_rows import (
    MEMBERSHIP_COLUMNS,
    POST_COLUMNS,
    READ_COLUMNS,
    from_micros,
    membership_rows,
    pack,
    post_row,
    read_post,
    to_micros,
    version_row,
)
from service.stores.storable import storable_post, storable_text

_MARKS = ", ".join("?" * (len(POST_COLUMNS) + 1))
_INSERT_POST = " ".join(
    ("INSERT INTO post (", ", ".join(POST_COLUMNS), ", seq) VALUES (", _MARKS, ")")
)
_UPDATE_POST = " ".join(
    ("UPDATE post SET", ", ".join(f"{name} = ?" for name in POST_COLUMNS), "WHERE seq = ?")
)
_WITH_IDS = ", seq FROM post WHERE id IN (SELECT value FROM json_each(?))"
_LOAD_POSTS = " ".join(("SELECT", ", ".join(READ_COLUMNS), _WITH_IDS))
_PUT_MEMBERSHIP = " ".join(
    ("REPLACE INTO monitor_post VALUES (", ", ".join("?" * MEMBERSHIP_COLUMNS), ")")
)


@dataclass(slots=True)
class _Entry:
    """One id of a batch: what the store holds (None: nothing), and what it is to hold."""

    seq: int
    stored: StoredPost | None
    post: StoredPost
    past: list[StoredPost] = field(default_factory=list)
    write: bool = False


def upsert(connection: sqlite3.Connection, posts: Sequence[StoredPost]) -> tuple[Upserted, ...]:
    """Insert or merge each post, in order; an id may stand in the batch several times."""
    incoming = [storable_post(post) for post in posts]
    entries = _load(connection, {post.id for post in incoming})
    next_seq = int(connection.execute("SELECT coalesce(max(seq), 0) + 1 FROM post").fetchone()[0])
    earliest = earliest_stamp(connection)
    results = []
    for post in incoming:
        entry = entries.get(post.id)
        if entry is None:
            # Writers take turns here, not at their clocks: a watermark passes nothing by.
            stored_at = max(post.stored_at, earliest or post.stored_at)
            fresh = first_stored(replace(post, stored_at=stored_at))
            entries[post.id] = _Entry(seq=next_seq, stored=None, post=fresh, write=True)
            next_seq += 1
            results.append(Upserted(id=post.id, change=PostChange.NEW))
            continue
        merged = merge(entry.post, post, archived=_archived(connection, entry, post))
        if merged.change is PostChange.EDITED:
            entry.past.append(entry.post)
        entry.post = merged.post
        entry.write = entry.write or merged.write
        results.append(Upserted(id=post.id, change=merged.change))
    _store(connection, [entry for entry in entries.values() if entry.write])
    return tuple(results)


def set_membership(
    connection: sqlite3.Connection,
    post_ids: Iterable[str],
    monitor: str,
    *,
    member: bool,
    spared: bool,
) -> None:
    """Add posts to a monitor or take them out; ids that are not there are passed over."""
    wanted = (member, member and spared)
    entries = [
        entry
        for entry in _load(connection, {storable_text(post_id) for post_id in post_ids}).values()
        if wanted != (monitor in entry.post.monitors, monitor in entry.post.spared)
    ]
    for entry in entries:
        entry.post = replace(
            entry.post,
            monitors=_with(entry.post.monitors, monitor, there=member),
            spared=_with(entry.post.spared, monitor, there=member and spared),
        )
    if member:
        _store(connection, entries)
        return
    connection.executemany(
        "UPDATE post SET monitors = ?, spared = ? WHERE seq = ?",
        [(pack(entry.post.monitors), pack(entry.post.spared), entry.seq) for entry in entries],
    )
    connection.executemany(
        "DELETE FROM monitor_post WHERE monitor = ? AND published_at = ? AND seq = ?",
        [(monitor, to_micros(entry.post.published_at), entry.seq) for entry in entries],
    )
    recompute_last(connection, [replace(entry.post, monitors=(monitor,)) for entry in entries])


def mark_deleted(
    connection: sqlite3.Connection, post_ids: Iterable[str], *, at: datetime
) -> tuple[Upserted, ...]:
    """Note that posts are gone at their source."""
    entries = _load(connection, {storable_text(post_id) for post_id in post_ids})
    results = []
    for post_id, entry in entries.items():
        entry.post = deleted(entry.post, at)
        entry.write = entry.post != entry.stored
        change = PostChange.DELETED if entry.write else PostChange.UNCHANGED
        results.append(Upserted(id=post_id, change=change))
    connection.executemany(
        "UPDATE post SET deleted_at = ? WHERE seq = ?",
        [(to_micros(at), entry.seq) for entry in entries.values() if entry.write],
    )
    return tuple(results)


def inherit(connection: sqlite3.Connection, inheritances: Iterable[Inheritance]) -> None:
    """Give posts what they take over from those that they share."""
    wanted = {storable_text(item.post_id): item for item in inheritances}
    entries = _load(connection, set(wanted))
    for post_id, entry in entries.items():
        entry.post = inherited(entry.post, wanted[post_id])
    _store(connection, [entry for entry in entries.values() if entry.post != entry.stored])


def erase(connection: sqlite3.Connection, ids: Iterable[str]) -> int:
    """Erase posts with every trace in other tables; answer how many there were."""
    entries = _load(connection, set(ids)).values()
    rows = [(entry.seq, entry.post) for entry in entries]
    posts = [post for _, post in rows]
    unindex_words(connection, rows)
    connection.executemany(
        "DELETE FROM monitor_post WHERE monitor = ? AND published_at = ? AND seq = ?",
        [
            (monitor, to_micros(post.published_at), seq)
            for seq, post in rows
            for monitor in post.monitors
        ],
    )
    connection.executemany(
        "DELETE FROM post_version WHERE post_id = ?", [(post.id,) for post in posts]
    )
    connection.executemany("DELETE FROM post WHERE seq = ?", [(seq,) for seq, _ in rows])
    retract_copies(connection, posts)
    recompute_last(connection, posts)
    return len(rows)


def _with(monitors: Iterable[str], monitor: str, *, there: bool) -> tuple[str, ...]:
    others = set(monitors) - {monitor}
    return tuple(sorted(others | {monitor} if there else others))


def _load(connection: sqlite3.Connection, ids: set[str]) -> dict[str, _Entry]:
    rows = connection.execute(_LOAD_POSTS, (orjson.dumps(sorted(ids)).decode(),))
    entries = {}
    for row in rows:
        post = read_post(row)
        entries[post.id] = _Entry(seq=row[-1], stored=post, post=post)
    return entries


def _archived(
    connection: sqlite3.Connection, entry: _Entry, incoming: StoredPost
) -> set[tuple[str, datetime]]:
    if incoming.content_hash == entry.post.content_hash:
        return set()
    rows = connection.execute(
        "SELECT content_hash, fetched_at FROM post_version WHERE post_id = ?", (incoming.id,)
    )
    stored = {(content_hash, from_micros(micros)) for content_hash, micros in rows}
    return stored | {(post.content_hash, post.fetched_at) for post in entry.past}


def _store(connection: sqlite3.Connection, entries: Sequence[_Entry]) -> None:
    new = [entry for entry in entries if entry.stored is None]
    old = [(entry.stored, entry) for entry in entries if entry.stored is not None]
    posts = [entry.post for entry in entries]
    connection.executemany(_INSERT_POST, [(*post_row(entry.post), entry.seq) for entry in new])
    connection.executemany(_UPDATE_POST, [(*post_row(entry.post), entry.seq) for _, entry in old])
    connection.executemany(
        "INSERT INTO post_version VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [version_row(post) for entry in entries for post in entry.past],
    )
    connection.executemany(
        _PUT_MEMBERSHIP,
        [row for entry in entries for row in membership_rows(entry.seq, entry.post)],
    )
    note_last(connection, posts)
    note_stamps(connection, [entry.post for entry in new])
    reworded = [(stored, entry) for stored, entry in old if entry.past]
    regrouped = [
        (stored, entry)
        for stored, entry in old
        if entry.past or stored.copy_group != entry.post.copy_group
    ]
    unindex_words(connection, [(entry.seq, stored) for stored, entry in reworded])
    index_words(connection, [(entry.seq, entry.post) for entry in new])
    index_words(connection, [(entry.seq, entry.post) for _, entry in reworded])
    retract_copies(connection, [stored for stored, _ in regrouped])
    offer_copies(connection, [entry.post for entry in new])
    offer_copies(connection, [entry.post for _, entry in regrouped])
