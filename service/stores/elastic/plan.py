"""What a batch does to what the store holds: pure, on top of `merge`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from service.stores.merge import first_stored, merge
from service.stores.post_store import PostChange, StoredPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A post as it lies in the store: replaced only if `seq_no` still holds."""

    post: StoredPost
    index: str
    seq_no: int
    primary_term: int


@dataclass(slots=True)
class Entry:
    """One id of a batch: what the store holds (None: nothing), and what it is to hold."""

    held: Held | None
    post: StoredPost
    changes: dict[int, PostChange]
    """By place in the batch."""
    past: list[StoredPost] = field(default_factory=list)
    write: bool = False


def new_ids(incoming: Sequence[StoredPost], held: Mapping[str, Held]) -> set[str]:
    """Ids of posts that the store does not hold."""
    return {post.id for post in incoming} - held.keys()


def reworded_ids(incoming: Sequence[StoredPost], held: Mapping[str, Held]) -> set[str]:
    """Ids of posts of which an earlier wording may come back: their archive has to be read."""
    return {
        post.id
        for post in incoming
        if post.id in held
        and held[post.id].post.version > 1
        and held[post.id].post.content_hash != post.content_hash
    }


def plan(
    incoming: Sequence[tuple[int, StoredPost]],
    held: Mapping[str, Held],
    *,
    archived: Mapping[str, Collection[tuple[str, datetime]]],
    earliest: datetime | None,
) -> dict[str, Entry]:
    """Insert or merge each post, in order; an id may come several times.

    `incoming` has the place of each post in its batch; `archived` the earlier wordings by id;
    `earliest` is the first `stored_at` that a new post may get.
    """
    entries: dict[str, Entry] = {}
    for place, post in incoming:
        entry = entries.get(post.id)
        if entry is None and post.id in held:
            there = held[post.id]
            entry = entries[post.id] = Entry(there, there.post, {})
        if entry is None:
            stored_at = post.stored_at if earliest is None else max(post.stored_at, earliest)
            fresh = first_stored(replace(post, stored_at=stored_at))
            entries[post.id] = Entry(None, fresh, {place: PostChange.NEW}, write=True)
            continue
        known = {(past.content_hash, past.fetched_at) for past in entry.past}
        merged = merge(entry.post, post, archived=known.union(archived.get(post.id, ())))
        if merged.change is PostChange.EDITED:
            entry.past.append(entry.post)
        entry.post = merged.post
        entry.write = entry.write or merged.write
        entry.changes[place] = merged.change
    return entries
