"""Posts for people: search, detail with earlier wordings, facets and trends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.coverage import CANARY
from service.posts.errors import PostNotFound
from service.posts.filters import FacetRequest, PageRequest, TrendRequest
from service.stores import (
    FacetField,
    FoundPost,
    Page,
    PostQuery,
    PostStore,
    PostVersion,
    StoredPost,
    TermCount,
    TimeBucket,
)

_MOST_READ = 2_000
"""Posts that are read once more for one page."""


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
        """A page of posts; BadCursor for a cursor of another search.

        Where the store finds more than a written query wants, the rest is left out here: a page
        is then about as long as asked, or shorter where little of what was found is wanted, and
        `total` is how many there are at most.
        """
        written = request.written
        if written is None:
            return _without_canary(await self._page(request, request.cursor))
        wanted: list[FoundPost] = []
        cursor, total, read = request.cursor, 0, 0
        while True:
            page = _without_canary(await self._page(request, cursor))
            wanted += (
                replace(found, highlights=written.spans(found.post.text))
                for found in page.items
                if written.exact or written.takes(found.post)
            )
            cursor, total, read = page.next, page.total, read + request.limit
            if cursor is None or read >= _MOST_READ or 2 * len(wanted) >= request.limit:
                return Page(items=tuple(wanted), next=cursor, total=total)

    async def _page(self, request: PageRequest, cursor: str | None) -> Page:
        return await self._store.search(
            request.query, limit=request.limit, cursor=cursor, sort=request.sort
        )

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

    async def copies(self, query: PostQuery, groups: Sequence[str]) -> Mapping[str, int]:
        """How many matches each of those copy groups has."""
        narrowed = replace(query, copy_groups=tuple(groups))
        return dict(await self._store.counts_by_copy_group(narrowed, limit=len(groups)))

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
