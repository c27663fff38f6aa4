"""Who carried the words furthest: by whom others shared it on, then by whom it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crawlers import PostKey
from nlp.spread import SpreadPost, trace_cascade
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
    cascade = trace_cascade([_spread(post) for post in posts], spreaders=len(posts) or 1)
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


def _spread(post: StoredPost) -> SpreadPost:
    """The post with what its site states; copies are another matter than shares."""
    return SpreadPost(
        id=post.id,
        author=post.author or post.id,
        at=post.published_at,
        parent=PostKey(post.source, post.repost_of).id if post.repost_of else None,
        followers=post.followers,
        negative=None if post.sentiment is None else post.sentiment == "negative",
    )


def _followers(posts: Sequence[StoredPost]) -> int:
    return max(post.followers or 0 for post in posts)


def _acts(post: StoredPost) -> int:
    return (post.reposts or 0) + (post.comments or 0) + (post.likes or 0)
