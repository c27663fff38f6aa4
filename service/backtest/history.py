"""The posts that a back-test plays: read from a store, without what no rule looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from service.errors import InvalidInput
from service.stores import PostQuery, PostStore, SortOrder, StoredPost

WARM_UP = timedelta(days=14)
"""Posts before the span are played as well: what an hour usually brings is learnt from them."""
MOST_POSTS = 300_000
_PAGE = 500


async def read_history(
    store: PostStore,
    *,
    monitors: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    tell: Callable[[int, int], None],
) -> list[StoredPost]:
    """Posts of the monitors by publishing time, those of the warm-up before `since` included.

    Raises InvalidInput where there are none, or more than fit into memory.
    """
    query = PostQuery(
        monitors=monitors, since=None if since is None else since - WARM_UP, until=until
    )
    posts: list[StoredPost] = []
    cursor: str | None = None
    while True:
        page = await store.search(query, limit=_PAGE, cursor=cursor, sort=SortOrder.OLDEST)
        if page.total > MOST_POSTS:
            raise InvalidInput(
                f"{page.total:,} posts, at most {MOST_POSTS:,}: name a shorter time or one monitor",
                errors=[("from", "a later instant"), ("monitor", "one of the monitors")],
            )
        posts += [lean(item.post) for item in page.items]
        tell(len(posts), page.total)
        cursor = page.next
        if cursor is None:
            break
    if not posts or (since is not None and posts[-1].published_at < since):
        raise InvalidInput("no stored post of a monitor lies in that time: name another")
    return posts


def lean(post: StoredPost) -> StoredPost:
    """The post without search terms and analysis: several times smaller in memory."""
    return replace(post, analysis={}, search_tokens=(), words=(), copy_bands=(), extra={})
