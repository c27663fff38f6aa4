"""Who carried the words furthest: by whom others shared it on, then by whom it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nlp.spread import trace_cascade
from service.posts import passed, spread_post
from service.stores.post_store import StoredPost


def biggest_spreaders(posts: Sequence[StoredPost], *, limit: int) -> tuple[dict[str, Any], ...]:
    """At most `limit` authors (pseudonyms) as JSON, the biggest first, each with its best post.

    First those from whose posts most others of these were shared on (`below`, of them directly
    `children`), as the sites state it; then by followers × posts, those without followers left out.
    """
    known = {post.id: post for post in posts}
    written: dict[str, list[StoredPost]] = {}
    for post in posts:
        if post.author is not None:
            written.setdefault(post.author, []).append(post)
    # Copies are another matter than shares.
    tree = [spread_post(passed(post), with_copies=False) for post in posts]
    cascade = trace_cascade(tree, spreaders=len(posts) or 1)
    chosen: dict[str, dict[str, Any]] = {}
    for found in cascade.spreaders:
        author = known[found.post_id].author
        if author is not None:
            said = {"post": found.post_id, "below": found.below, "children": found.children}
            chosen[author] = said
    seen_by = {author: _followers(theirs) for author, theirs in written.items()}
    ranked = sorted(
        (author for author in written if author not in chosen and seen_by[author]),
        key=lambda author: (-seen_by[author] * len(written[author]), author),
    )
    for author in ranked:
        best = max(written[author], key=lambda post: (_acts(post), post.id))
        chosen[author] = {"post": best.id, "below": 0, "children": 0}
    return tuple(
        {
            "author": author,
            **said,
            "posts": len(written[author]),
            "followers": seen_by[author] or None,
            "verified": any(post.verified for post in written[author]),
        }
        for author, said in list(chosen.items())[:limit]
    )


def missing_parents(posts: Sequence[StoredPost]) -> tuple[str, ...]:
    """The ids of what these share and what is not among them, each once."""
    known = {post.id for post in posts}
    parents = dict.fromkeys(post.shared_id for post in posts)
    return tuple(parent for parent in parents if parent is not None and parent not in known)


def _followers(posts: Sequence[StoredPost]) -> int:
    return max(post.followers or 0 for post in posts)


def _acts(post: StoredPost) -> int:
    return (post.reposts or 0) + (post.comments or 0) + (post.likes or 0)
