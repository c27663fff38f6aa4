"""Stored posts as topics need them: the newest of a span, a page held at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from nlp.topics import TopicPost, content_words
from service.coverage import CANARY
from service.stores import PostQuery, PostStore, SortOrder, StoredPost

KeptT = TypeVar("KeptT")

_PAGE = 500


def topic_post(post: StoredPost) -> TopicPost:
    """A stored post by its words: each once, as the analyser cut them. Copies are one story."""
    return TopicPost(
        id=post.id,
        words=content_words(post.words),
        author=post.author,
        at=post.published_at,
        story=post.copy_group or None,
    )


async def newest_posts(
    store: PostStore,
    keep: Callable[[StoredPost], KeptT],
    *,
    monitor: str | None,
    since: datetime | None,
    until: datetime,
    most: int,
    tell: Callable[[int, int], bool] = lambda done, of: True,
) -> tuple[list[KeptT], int]:
    """What `keep` makes of the newest posts published in [since, until), oldest first, at most
    that many, without the canary's; and how many posts there are.

    `tell` hears how many of how many are read, and stops with False. Raises StoreError.
    """
    query = PostQuery(monitors=() if monitor is None else (monitor,), since=since, until=until)
    kept: list[KeptT] = []
    read, total, cursor = 0, 0, None
    while read < most:
        page = await store.search(
            query, limit=min(_PAGE, most - read), cursor=cursor, sort=SortOrder.NEWEST
        )
        read, total, cursor = read + len(page.items), page.total, page.next
        kept += [keep(item.post) for item in page.items if item.post.via != CANARY]
        if cursor is None or not tell(read, min(total, most)):
            break
        await asyncio.sleep(0)
    return kept[::-1], total
