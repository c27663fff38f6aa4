"""The parts together: a site, the fetcher, a source of the registry, the engine, a sink."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crawlers import Engine, MemoryCheckpoints, Outcome, Post, build_source
from crawlers.fetch import FetchPolicy, GuardPolicy, HttpFetcher, parse_networks
from tests.support.mock_site import mock_site, with_etag

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FEED = """<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel>
<item><title>异响</title><guid>https://news.example/1</guid><pubDate>2026-03-02 11:59:00</pubDate>
<description>客服踢皮球</description></item></channel></rss>"""


async def test_a_feed_is_pulled_once_and_then_not_modified() -> None:
    at = START
    stored: list[tuple[str, Post]] = []

    async def sink(posts: Sequence[Post], via: str) -> None:
        stored.extend((via, post) for post in posts)

    policy = FetchPolicy(guard=GuardPolicy(allow_networks=parse_networks(["127.0.0.0/8"])))
    async with (
        mock_site() as site,
        HttpFetcher(policy, now=lambda: at, sleep=asyncio.sleep, random=lambda: 0.0) as fetcher,
    ):
        site.on("/feed", with_etag(FEED.encode("gb18030"), '"1"'))
        source = build_source("rss", "home-news", {"url": site.url("/feed")}, now=lambda: at)
        engine = Engine(
            {"home-news": source},
            fetcher=fetcher,
            checkpoints=MemoryCheckpoints(),
            sink=sink,
            now=lambda: at,
            random=lambda: 0.5,
        )
        (first,) = await engine.run_due(at)
        at = first.next_due_at
        (second,) = await engine.run_due(at)
    assert (first.outcome, second.outcome) == (Outcome.OK, Outcome.NOT_MODIFIED)
    ((via, post),) = stored
    assert (via, post.source, post.text) == ("home-news", "rss:127.0.0.1", "客服踢皮球")
    assert post.published_at == START - timedelta(minutes=1)
