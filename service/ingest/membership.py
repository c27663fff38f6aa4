"""Which stored posts a query takes, and which of those spare its brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from nlp import QueryDocument
from nlp.query import Query
from service.ingest.blame import is_spared
from service.ingest.inheritance import GENERATIONS, wording_of
from service.monitors import Sides
from service.stores.post_store import StoredPost


class Ancestors(Protocol):
    """What of a post store is needed here."""

    async def get_many(self, post_ids: Sequence[str], /) -> Mapping[str, StoredPost]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """`member`: the query takes the post or what it shares. `spared`: its bad news is not about
    the brand."""

    member: bool
    spared: bool


async def memberships(
    store: Ancestors, posts: Sequence[StoredPost], query: Query, sides: Sides | None
) -> dict[str, Membership]:
    """By post id. `sides` is None where nobody else can be blamed."""
    known = await _with_ancestors(store, posts)
    wordings = {post.id: wording_of(post) for post in known.values()}
    taken = {
        post.id
        for post in known.values()
        if query.matches(_document(post, wordings[post.id].normal))
    }
    found = {}
    for post in posts:
        lineage = _lineage(post, known)
        member = not taken.isdisjoint(lineage)
        spared = (
            member
            and sides is not None
            and is_spared((wordings[post_id] for post_id in lineage), sides)
        )
        found[post.id] = Membership(member=member, spared=spared)
    return found


async def _with_ancestors(
    store: Ancestors, posts: Sequence[StoredPost]
) -> Mapping[str, StoredPost]:
    """The posts, what they share, and what that shares in turn, by id."""
    known = {post.id: post for post in posts}
    latest: Sequence[StoredPost] = posts
    for _ in range(GENERATIONS):
        parents = {parent for post in latest if (parent := post.shared_id)}
        wanted = sorted(parents - known.keys())
        if not wanted:
            break
        found = await store.get_many(wanted)
        known |= found
        latest = tuple(found.values())
    return known


def _lineage(post: StoredPost, known: Mapping[str, StoredPost]) -> tuple[str, ...]:
    """Ids of the post, of what it shares, of what that shares: a ring ends where it began."""
    found = {post.id: None}
    parent = post.shared_id
    while (
        parent is not None and parent in known and parent not in found and len(found) <= GENERATIONS
    ):
        found[parent] = None
        parent = known[parent].shared_id
    return tuple(found)


def _document(post: StoredPost, normal: str) -> QueryDocument:
    return QueryDocument(
        normal=normal,
        source=post.source,
        channel=post.channel,
        lang=post.lang or "",
    )
