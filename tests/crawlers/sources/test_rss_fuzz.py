"""Mutated feeds: whatever the bytes, a pull ends in a named outcome, quickly, with sound posts.

FENGSUI_FUZZ_SECONDS (600 for the ten-minute run) sets how long the soak test goes on.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from crawlers.source import FetchResult, Ok, outcome_of
from crawlers.sources.rss import RssSettings, RssSource
from crawlers.wire import parse_post, post_to_wire
from tests.support.feed_corpus import FeedCase, build_corpus
from tests.support.fetching import FakeFetcher, page

SECONDS = "FENGSUI_FUZZ_SECONDS"
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CPU_SECONDS = 5.0
"""More for one input of some kilobytes would mean that its cost grows faster than its size."""

TOKENS = (
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"]>", b"<?xml ?>",
    b"&#0;", b"&#xD800;", b"&#x110000;", b"&lt;", b"&bogus;", b"<item>", b"</item>", b"<entry/>",
    b"<title type='xhtml'>", b"<content src='x'>", b" xmlns:a='b'", b"xml:base='http://['", b"\x00",
    b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"<script>", b"<br/>", b"99999999999999999999",
    b"<link>http://[::1</link>", b"<pubDate>Mon, 99 Foo 0000</pubDate>", b"<ttl>-1</ttl>", b"'\"",
    b'"items":null', b"\\ud83d", b"1e999", b"<svg><math>", b"<source url='x'>", b"<image><url>",
)  # fmt: skip


@cache
def corpus() -> list[FeedCase]:
    return build_corpus(rounds=3)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[bytes, str]:
    """A feed of the corpus after one to six mutations, and a content type."""
    case = draw(st.sampled_from(corpus()))
    body = case.body
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(body)))
        to = min(len(body), at + draw(st.integers(0, 60)))
        kind = draw(st.sampled_from(("insert", "delete", "repeat", "bytes", "splice", "cut")))
        if kind == "insert":
            times = draw(st.sampled_from((1, 1, 1, 2, 500)))
            body = body[:at] + draw(st.sampled_from(TOKENS)) * times + body[at:]
        elif kind == "delete":
            body = body[:at] + body[to:]
        elif kind == "repeat":
            body = body[:to] + body[at:to] * draw(st.integers(1, 100)) + body[to:]
        elif kind == "bytes":
            body = body[:at] + draw(st.binary(min_size=1, max_size=8)) + body[to:]
        elif kind == "splice":
            other = draw(st.sampled_from(corpus())).body
            start = draw(st.integers(0, len(other)))
            body = body[:at] + other[start : start + 400] + body[at:]
        else:
            body = body[:at]
    return body, case.content_type


def pull(body: bytes, content_type: str) -> FetchResult:
    source = RssSource("feed", RssSettings(url="https://news.example/feed.xml"), now=lambda: NOW)
    fetcher = FakeFetcher([page(body, content_type=content_type)])
    return asyncio.run(source.pull(None, fetcher))


def check(body: bytes, content_type: str) -> str:
    """Pull the bytes and check what must hold of any result; answers the outcome's name."""
    started = time.process_time()
    result = pull(body, content_type)
    assert time.process_time() - started < CPU_SECONDS
    if isinstance(result, Ok):
        assert len({post.id for post in result.posts}) == len(result.posts)
        json.dumps(dict(result.cursor)).encode()
        for post in result.posts:
            assert post.published_at <= NOW
            assert parse_post(json.loads(json.dumps(post_to_wire(post)))) == post
    return outcome_of(result).value


@given(mutated())
@settings(max_examples=120, suppress_health_check=list(HealthCheck))
def test_no_bytes_make_a_pull_raise(mutant: tuple[bytes, str]) -> None:
    check(*mutant)


@given(st.binary(max_size=400))
@settings(max_examples=100)
def test_nor_do_bytes_that_never_were_a_feed(body: bytes) -> None:
    check(body, "")


@pytest.mark.soak
@pytest.mark.skipif(SECONDS not in os.environ, reason=f"{SECONDS} says how long to go on")
@pytest.mark.timeout(0)
def test_mutations_for_as_long_as_asked() -> None:
    over = threading.Event()
    timer = threading.Timer(float(os.environ[SECONDS]), over.set)
    timer.start()
    ends: Counter[str] = Counter()

    @given(mutated())
    @settings(
        max_examples=1_000,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def batch(mutant: tuple[bytes, str]) -> None:
        if not over.is_set():
            ends[check(*mutant)] += 1

    number = 0
    while not over.is_set():
        seed(number)(batch)()
        number += 1
        sys.stderr.write(f"{sum(ends.values())} inputs: {dict(ends)}\n")
    timer.cancel()
    assert sum(ends.values()) > 0
