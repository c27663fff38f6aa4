"""What is read of a store to say how far posts were passed on; bounded, and it says when it was."""

from __future__ import annotations

import asyncio
from datetime import datetime

from crawlers import PostKey
from service.posts.errors import PostNotFound
from service.posts.passed import Passed, passed
from service.posts.spread import (
    CrowdSpread,
    PostSpread,
    copy_group,
    largest_trees,
    tree_of,
)
from service.stores import PostQuery, PostStore, SortOrder, StoredPost

MOST_POSTS = 10_000
"""Posts of one tree, one copy group or one incident that are read."""
GROUPS = 5
TREES = 5
_AT_ONCE = 500
_MOST_STEPS = 64
"""From a post up to where it began."""


class Spreads:
    """Reads trees and copy groups; counting them is done off the event loop."""

    def __init__(self, store: PostStore, *, most: int = MOST_POSTS) -> None:
        self._store = store
        self._most = most

    async def of_post(self, post_id: str, *, now: datetime) -> PostSpread:
        """The tree that a post is part of, from where it began, with the copies of that text.

        Raises PostNotFound, StoreError.
        """
        post = await self._store.get(post_id)
        if post is None:
            raise PostNotFound(
                f"no post has the id {post_id[:64]!r}: it was never stored, or has been erased"
            )
        began, key = await self._beginning(post)
        root = PostKey(*key).id
        shares, whole = await self._shares(began, key)
        copies: list[Passed] = []
        total = 0
        if began.copy_group:
            copies, total = await self._oldest(PostQuery(copy_groups=(began.copy_group,)))
        whole = whole and total <= len(copies)
        everything = list({one.id: one for one in (passed(post), *shares, *copies)}.values())

        def measured() -> PostSpread:
            return PostSpread(
                asked=post.id,
                root=root,
                whole=whole,
                tree=tree_of(everything, root=root, whole=whole, as_of=now),
                copies=copy_group(began.copy_group, copies, total=total) if copies else None,
            )

        return await asyncio.to_thread(measured)

    async def of_posts(self, query: PostQuery, *, now: datetime) -> CrowdSpread:
        """The largest copy groups and trees of what a query finds. Raises StoreError."""
        posts, total = await self._oldest(query)
        groups = await self._store.counts_by_copy_group(query, limit=GROUPS)

        def measured() -> CrowdSpread:
            mine: dict[str, list[Passed]] = {name: [] for name, _ in groups}
            for post in posts:
                if post.copy_group in mine:
                    mine[post.copy_group].append(post)
            return CrowdSpread(
                as_of=now,
                posts=total,
                read=len(posts),
                groups=tuple(
                    copy_group(name, mine[name], total=count)
                    for name, count in groups
                    if name and count > 1
                ),
                trees=largest_trees(posts, whole=total <= len(posts), as_of=now, limit=TREES),
            )

        return await asyncio.to_thread(measured)

    async def _beginning(self, post: StoredPost) -> tuple[StoredPost, tuple[str, str]]:
        """The earliest that is stored of what the post shares, and the key of where it began."""
        seen = {post.id}
        for _ in range(_MOST_STEPS):
            parent_id = post.shared_id
            if parent_id is None or post.repost_of is None or parent_id in seen:
                break
            seen.add(parent_id)
            parent = await self._store.get(parent_id)
            if parent is None:
                return post, (post.source, post.repost_of)
            post = parent
        return post, (post.source, post.native_id)

    async def _shares(self, began: StoredPost, key: tuple[str, str]) -> tuple[list[Passed], bool]:
        """All that was passed on from the key, with the post of that key, and whether it is all."""
        found = {began.id: passed(began)} if PostKey(*key).id == began.id else {}
        elders = [key]
        while elders:
            heirs: list[tuple[str, str]] = []
            for start in range(0, len(elders), _AT_ONCE):
                asked = elders[start : start + _AT_ONCE]
                after_id = None
                while page := await self._store.reposts_of(
                    asked, after_id=after_id, limit=_AT_ONCE
                ):
                    news = [one for one in page if one.id not in found]
                    found |= {one.id: passed(one) for one in news}
                    heirs += [(one.source, one.native_id) for one in news]
                    if len(found) > self._most:
                        return list(found.values())[: self._most], False
                    if len(page) < _AT_ONCE:
                        break
                    after_id = page[-1].id
            elders = heirs
        return list(found.values()), True

    async def _oldest(self, query: PostQuery) -> tuple[list[Passed], int]:
        """The first matches by time, and how many there are."""
        found: list[Passed] = []
        cursor = None
        while True:
            page = await self._store.search(
                query,
                limit=min(_AT_ONCE, self._most - len(found)),
                cursor=cursor,
                sort=SortOrder.OLDEST,
            )
            found += [passed(item.post) for item in page.items]
            cursor = page.next
            if cursor is None or len(found) >= self._most:
                return found, page.total
