"""Quotes: who may be quoted, and what a quote says to whoever reads it now.

A briefing keeps where a quote stands, never its words: they are read from the post store each time.
What is erased there, with its author or by age, or taken down by its source, is so in every
briefing from that moment on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from nlp.pii import masked
from service.briefings import links
from service.briefings.content import Body
from service.briefings.figure import Cited, Figure, Quote
from service.delivery.channels.escaping import plain
from service.moderation.at_risk import PATTERN
from service.stores import PostStore, StoredPost

MOST_QUOTED = 160
"""Code points of a quote."""

Quotes = Mapping[str, Quote]
"""By the id of the post."""


def is_quotable(post: StoredPost) -> bool:
    """What its source has no longer, or somebody in danger wrote, is nobody's quote; a share
    without words of its own is none either."""
    patterns = post.analysis.get("patterns") or ()
    at_risk = PATTERN in post.categories or any(hit["pattern"] == PATTERN for hit in patterns)
    return (
        post.deleted_at is None and not at_risk and not post.repost_of and bool(post.text.strip())
    )


def cited(post: StoredPost, *, spread: Figure) -> Cited:
    """The quote of a post as it is kept."""
    return Cited(
        post_id=post.id,
        content_hash=post.content_hash,
        published_at=post.published_at,
        source=post.source,
        sentiment=post.sentiment,
        link=links.post(post.id),
        spread=spread,
    )


async def quotes_of(store: PostStore, body: Body) -> Quotes:
    """What every quote of a briefing says now: in the wording that was chosen, where the post was
    edited since. Raises StoreError."""
    chosen = {item.post_id: item for item in body.cited()}
    posts = await store.get_many(sorted(chosen))
    wordings = {}
    for post_id, item in chosen.items():
        post = posts.get(post_id)
        if post is not None and is_quotable(post):
            wordings[post_id] = await _wording(store, post, item.content_hash)
    # In a thread: masking takes a while.
    return await asyncio.to_thread(_shown, chosen, wordings)


async def _wording(store: PostStore, post: StoredPost, content_hash: str) -> str:
    if post.content_hash == content_hash:
        return post.text
    earlier = await store.versions(post.id)
    texts = [item.text for item in earlier if item.content_hash == content_hash]
    return texts[-1] if texts else post.text


def _shown(chosen: Mapping[str, Cited], wordings: Mapping[str, str]) -> Quotes:
    return {
        post_id: Quote(
            cited=item,
            text=_cut(masked(wordings[post_id])) if post_id in wordings else None,
        )
        for post_id, item in chosen.items()
    }


def _cut(text: str) -> str:
    """One line, as long as a quote may be, of what can be seen: nothing in it turns directions."""
    line = plain(text)
    return line if len(line) <= MOST_QUOTED else f"{line[: MOST_QUOTED - 1]}…"
