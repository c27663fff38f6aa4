"""A news site on loopback whose RSS feed a test fills."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from tests.support.mock_site import Answer, Asked, MockSite, mock_site

PATH = "/feed.xml"


class FeedServer:
    """One RSS 2.0 feed with an ETag; newest entry first, as feeds have it."""

    def __init__(self, site: MockSite) -> None:
        self._site = site
        self._items: list[str] = []
        site.on(PATH, self._answer)

    @property
    def url(self) -> str:
        return self._site.url(PATH)

    @property
    def pulls(self) -> int:
        """How often the feed itself was asked for."""
        return self._site.paths().count(PATH)

    def publish(self, entry_id: str, text: str, *, at: datetime, author: str = "记者") -> None:
        """Add an entry."""
        self._items.insert(
            0,
            f'<item><guid isPermaLink="false">{escape(entry_id)}</guid>'
            f"<title>{escape(text[:20])}</title><description>{escape(text)}</description>"
            f"<author>{escape(author)}</author><pubDate>{format_datetime(at)}</pubDate></item>",
        )

    def _answer(self, asked: Asked) -> Answer:
        etag = f'"{len(self._items)}"'
        if asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"etag": etag})
        body = (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f"<title>晨报</title><link>{self._site.url()}</link><description>新闻</description>"
            f"{''.join(self._items)}</channel></rss>"
        )
        headers = {"etag": etag, "content-type": "application/rss+xml; charset=utf-8"}
        return Answer(headers=headers, body=body.encode())


@asynccontextmanager
async def feed_server() -> AsyncIterator[FeedServer]:
    """A server with an empty feed, stopped at the end of the block."""
    async with mock_site() as site:
        yield FeedServer(site)
