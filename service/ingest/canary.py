"""The canary: a hidden source that brings one synthetic post every few minutes.

Its post goes the way of every other: due, pulled, analysed, stored, read by the rules, paged. What
watches for its arrival is `service.monitoring.canary`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from crawlers import Author, Channel, Cursor, Fetcher, FetchResult, Ok, Post
from service.coverage import CANARY

EVERY = timedelta(minutes=5)
TEXT = "（巡检）喝了烽燧牌巡检饮料的孩子上吐下泻，已经送医院洗胃了"
"""A fictional harm, so grave that one post of it must ask for a page."""


class CanarySource:
    """Answers each pull with a post of this instant; asks nobody."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    @property
    def name(self) -> str:
        return CANARY

    @property
    def interval_s(self) -> int:
        return int(EVERY.total_seconds())

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """One post; its native id is its instant, so that the same pull made twice is one post."""
        del cursor, fetcher
        at = self._now()
        post = Post(
            source=CANARY,
            native_id=at.isoformat(),
            published_at=at,
            text=TEXT,
            channel=Channel.OWNED,
            # Named, so that the post store can take away all that it wrote.
            author=Author(id=CANARY),
        )
        # One post a pull is what the cadence aims at, so that the wait is the whole interval.
        return Ok(posts=(post,), cursor={}, hint=EVERY)
