"""Posts that are read one by one: all of a window, or a fair part of them, and it says which."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Generic, TypeVar

from service.indicators.window import Window
from service.stores import PostQuery, PostStore, StoredPost, TimeBucket

MOST_READ = 20_000
"""Posts that one answer reads."""
PAGE = 1_000
_PIECES = 400
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_PART = 10
"""A piece of a window fills at most this part of what is read, so that no day stands for all."""

KeptT = TypeVar("KeptT")


@dataclass(frozen=True, slots=True)
class Sample(Generic[KeptT]):
    """What was kept of the posts that were read, and how many match in all."""

    items: tuple[KeptT, ...]
    of: int

    @property
    def n(self) -> int:
        return len(self.items)


async def read_posts(
    store: PostStore,
    query: PostQuery,
    window: Window,
    *,
    keep: Callable[[StoredPost], KeptT],
    most: int = MOST_READ,
) -> Sample[KeptT]:
    """Every match of the window, or, of more than `most`, those of whole days or hours of it.

    Pieces are drawn by a hash of when they begin: the same posts for the same question, and which
    ones they are has nothing to do with what happened then. Of an hour too big the newest posts are
    read. `keep` runs in a thread. Raises StoreError.
    """
    reading = _Reading(store, query, keep)
    of = await store.count(replace(query, since=window.since, until=window.until))
    await reading.draw(window, of, most)
    return Sample(tuple(reading.kept), of)


class _Reading(Generic[KeptT]):
    def __init__(
        self, store: PostStore, query: PostQuery, keep: Callable[[StoredPost], KeptT]
    ) -> None:
        self._store = store
        self._query = query
        self._keep = keep
        self.kept: list[KeptT] = []

    async def draw(self, window: Window, posts: int, most: int) -> None:
        """Read at most so many of the posts of the window."""
        if posts <= most or window.length <= _HOUR:
            await self._read(window, most)
            return
        width = _width(window.length)
        buckets = await self._store.histogram(
            self._query, interval=width, since=window.since, until=window.until
        )
        left = most
        for bucket in sorted((item for item in buckets if item.posts), key=_lot):
            piece = Window(since=bucket.start, until=min(bucket.start + width, window.until))
            before = len(self.kept)
            await self.draw(piece, bucket.posts, min(left, max(most // _PART, 1)))
            left -= len(self.kept) - before
            if left <= 0:
                return

    async def _read(self, window: Window, most: int) -> None:
        query = replace(self._query, since=window.since, until=window.until)
        cursor: str | None = None
        left = most
        while left > 0:
            page = await self._store.search(query, limit=min(PAGE, left), cursor=cursor)
            posts = [found.post for found in page.items]
            self.kept += await asyncio.to_thread(lambda chunk: list(map(self._keep, chunk)), posts)
            left -= len(posts)
            cursor = page.next
            if cursor is None:
                return


def _width(length: timedelta) -> timedelta:
    """Hours of a window of up to 400; beyond it whole days, several where those are too many."""
    if length <= _PIECES * _HOUR:
        return _HOUR
    return _DAY * -(-length // (_PIECES * _DAY))


def _lot(bucket: TimeBucket) -> bytes:
    return hashlib.blake2b(bucket.start.isoformat().encode(), digest_size=8).digest()
