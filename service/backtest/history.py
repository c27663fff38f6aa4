"""The posts that a back-test plays: read from a store, without what no rule looks at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from service.errors import InvalidInput
from service.stores import PostQuery, PostStore, SortOrder, StoredPost

WARM_UP = timedelta(days=14)
"""Posts before the span are played as well: what an hour usually brings is learnt from them."""
MOST_POSTS = 300_000
_PAGE = 500

Choose = Callable[[Sequence[StoredPost]], Awaitable[Sequence[StoredPost]]]
"""Takes some of a page of posts, and may change them."""


async def read_history(
    store: PostStore,
    *,
    monitors: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    tell: Callable[[int, int], None],
    choose: Choose | None = None,
) -> list[StoredPost]:
    """Posts of the monitors by publishing time, those of the warm-up before `since` included.

    `choose` is asked of each page, before search terms and analysis are taken from its posts;
    without it the posts are played as they are stored.

    Raises InvalidInput where there are none, or more than fit into memory.
    """
    query = PostQuery(
        monitors=monitors, since=None if since is None else since - WARM_UP, until=until
    )
    posts: list[StoredPost] = []
    read = 0
    cursor: str | None = None
    while True:
        page = await store.search(query, limit=_PAGE, cursor=cursor, sort=SortOrder.OLDEST)
        read += len(page.items)
        fresh: Sequence[StoredPost] = [item.post for item in page.items]
        if choose is not None:
            fresh = await choose(fresh)
        posts += map(lean, fresh)
        most = page.total if choose is None else len(posts)
        if most > MOST_POSTS:
            raise InvalidInput(
                f"{most:,} posts, at most {MOST_POSTS:,}: name a shorter time or one monitor",
                errors=[("from", "a later instant"), ("monitor", "one of the monitors")],
            )
        tell(read, page.total)
        cursor = page.next
        if cursor is None:
            break
    if not posts or (since is not None and posts[-1].published_at < since):
        raise InvalidInput("no stored post of a monitor lies in that time: name another")
    return posts


def lean(post: StoredPost) -> StoredPost:
    """The post without search terms and analysis: several times smaller in memory."""
    return replace(post, analysis={}, search_tokens=(), words=(), copy_bands=(), extra={})
