"""Posts for people: search, detail with earlier wordings, facets and trends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.coverage import CANARY
from service.posts.errors import PostNotFound
from service.posts.filters import FacetRequest, PageRequest, TrendRequest
from service.stores import (
    FacetField,
    Page,
    PostQuery,
    PostStore,
    PostVersion,
    StoredPost,
    TermCount,
    TimeBucket,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDetail:
    """A post, what it said before, and how many posts say the same (itself included)."""

    post: StoredPost
    versions: tuple[PostVersion, ...]
    copies: int


class Posts:
    """What API and console ask of the post store."""

    def __init__(self, store: PostStore) -> None:
        self._store = store

    async def search(self, request: PageRequest) -> Page:
        """A page of posts; BadCursor for a cursor of another search."""
        page = await self._store.search(
            request.query, limit=request.limit, cursor=request.cursor, sort=request.sort
        )
        return _without_canary(page)

    async def find(self, post_id: str) -> StoredPost | None:
        """One post, or None for an id that is not stored."""
        return await self._store.get(post_id)

    async def detail(self, post_id: str) -> PostDetail:
        """One post with its history; PostNotFound for an id that is not stored."""
        post = await self.find(post_id)
        if post is None:
            raise PostNotFound(
                f"no post has the id {post_id[:64]!r}: it was never stored, or has been erased"
            )
        copies = 1
        if post.copy_group:
            copies = await self._store.count(PostQuery(copy_groups=(post.copy_group,)))
        return PostDetail(post=post, versions=await self._store.versions(post_id), copies=copies)

    async def facets(
        self, request: FacetRequest
    ) -> Mapping[FacetField, tuple[tuple[str, int], ...]]:
        """Matches by value of each field, biggest first."""
        return await self._store.facets(request.query, fields=request.fields, limit=request.limit)

    async def trend(self, request: TrendRequest) -> tuple[TimeBucket, ...]:
        """Matches by time, empty buckets included."""
        return await self._store.histogram(
            request.query, interval=request.interval, since=request.since, until=request.until
        )

    async def terms(self, query: PostQuery, *, limit: int = 20) -> tuple[TermCount, ...]:
        """Words that stand out in the matches against the rest of the same monitors and time."""
        background = PostQuery(monitors=query.monitors, since=query.since, until=query.until)
        return await self._store.top_terms(query, background=background, limit=limit)


def _without_canary(page: Page) -> Page:
    """The page without the synthetic post, which stands in the store for seconds at a time."""
    items = tuple(item for item in page.items if item.post.via != CANARY)
    if len(items) == len(page.items):
        return page
    return replace(page, items=items, total=page.total - (len(page.items) - len(items)))
