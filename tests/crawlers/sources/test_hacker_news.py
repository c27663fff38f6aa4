from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import orjson
import pytest

from crawlers.errors import UnreadableAnswer
from crawlers.post import Author, Channel
from crawlers.source import Outcome
from crawlers.sources.hacker_news import OVERLAP_S, SearchPage, parse
from tests.crawlers.sources.source_site import (
    START,
    SourceSite,
    answer,
    by_query,
    check_crash,
    check_drift,
    check_rate_limited,
    check_sign_in_page,
    check_two_pages,
    query_of,
    saved,
    source_site,
)
from tests.support.mock_site import Answer, Asked

PATH = "/api/v1/search_by_date"
IDS = ("40000001", "40000002", "40000003", "40000004")
NOW = int(START.timestamp())


def page(data: Any) -> SearchPage:
    return parse(orjson.dumps(data))


def window(asked: Asked) -> tuple[int, int]:
    found = re.fullmatch(
        r"created_at_i>(\d+),created_at_i<=(\d+)", query_of(asked)["numericFilters"]
    )
    assert found is not None
    return int(found[1]), int(found[2])


@asynccontextmanager
async def news(**settings: Any) -> AsyncIterator[SourceSite]:
    """Two pages of two hits."""
    async with source_site("hacker_news", {"query": "Fogline", **settings}) as site:
        pages = {str(n): saved("hacker_news", f"page{n + 1}") for n in range(2)}
        site.web.on(PATH, by_query("page", pages))
        yield site


def test_a_story_becomes_a_post() -> None:
    story = page(saved("hacker_news", "page2")).rows.posts[1]
    assert (story.source, story.native_id) == ("hacker_news", "40000001")
    assert (story.title, story.text) == ("Fogline kettles recalled", "Fogline kettles recalled")
    assert story.url == "https://news.ycombinator.com/item?id=40000001"
    assert story.author == Author(id="user1", name="user1")
    assert (story.engagement.likes, story.engagement.comments) == (17, 5)
    assert story.extra == {"link": "https://paper.example/fogline", "story": "40000001"}
    assert story.channel is Channel.SOCIAL


def test_a_comment_becomes_a_post_below_its_parent() -> None:
    comment = page(saved("hacker_news", "page1")).rows.posts[0]
    assert comment.text == "Mine leaked & the handle broke.\n\nSupport never answered."
    assert (comment.title, comment.parent_id) == (None, "40000001")
    assert comment.published_at.timestamp() == 1_772_422_600


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hits": None}, "hits"),
        ({"nbHits": None}, "nbHits"),
        ({"nbPages": "many"}, "nbPages"),
        ({"hits": []}, "hits: none where nbHits says 4"),
    ],
)
def test_what_is_no_page_of_hits_is_drift(change: Any, field: str) -> None:
    with pytest.raises(UnreadableAnswer, match=field):
        page(saved("hacker_news", "page1") | change)


async def test_two_pages_are_pulled_one_by_one() -> None:
    async with news() as site:
        await check_two_pages(site, ids=[["40000003", "40000004"], ["40000001", "40000002"]])


async def test_a_crash_between_page_and_checkpoint_loses_nothing() -> None:
    async with news() as site:
        await check_crash(site, ids=IDS)


async def test_a_429_is_obeyed() -> None:
    async with news() as site:
        await check_rate_limited(site)


async def test_a_lost_time_is_drift() -> None:
    data = saved("hacker_news", "page1")
    for hit in data["hits"]:
        del hit["created_at_i"]
    async with news() as site:
        site.web.on(PATH, answer(data))
        await check_drift(site, field="created_at_i")


async def test_a_sign_in_page_is_blocked() -> None:
    async with news() as site:
        await check_sign_in_page(site, path=PATH)


async def test_the_first_window_looks_back_and_the_next_one_overlaps() -> None:
    async with news(lookback_hours=2) as site:
        await site.drain()
        site.at += timedelta(hours=1)
        await site.pull()
    windows = [window(asked) for asked in site.web.asked]
    assert windows[:2] == [(NOW - 7_200, NOW)] * 2
    assert windows[2][0] == NOW - OVERLAP_S
    assert windows[2][1] >= NOW + 3_600


async def test_what_was_seen_in_the_overlap_does_not_come_again() -> None:
    async with news() as site:
        await site.drain()
        reports = await site.drain()
    assert {report.outcome for report in reports} == {Outcome.OK_EMPTY}
    assert len(site.batches) == 2


async def test_nothing_found_is_calm() -> None:
    async with news() as site:
        site.web.on(PATH, answer(saved("hacker_news", "empty")))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY


async def test_a_window_with_more_hits_than_can_be_shown_is_narrowed() -> None:
    one_a_minute = 24 * 60
    model = saved("hacker_news", "page2")["hits"][0]

    def search(asked: Asked) -> Answer:
        since, until = window(asked)
        number = int(query_of(asked)["page"])
        total = (until - since) // 60
        hits = [
            model | {"objectID": str(50_000_000 + at // 60), "created_at_i": at}
            for at in range(until - until % 60, since, -60)
        ]
        shown = hits[number * 100 : number * 100 + 100]
        pages = -(-min(total, 1_000) // 100)
        return answer({"hits": shown, "nbHits": total, "nbPages": pages, "page": number})

    async with news() as site:
        site.web.on(PATH, search)
        reports = await site.drain(most=40)
    assert {report.reason for report in reports} == {None}
    assert len(site.posts) == one_a_minute
    assert window(site.web.asked[1])[1] < window(site.web.asked[0])[1]


async def test_a_second_with_more_hits_than_can_be_shown_is_told() -> None:
    async with news(lookback_hours=1) as site:
        crowded = saved("hacker_news", "page1") | {"nbHits": 5_000, "nbPages": 1}
        site.web.on(PATH, answer(crowded))
        report = await site.pull()
    assert report.outcome is Outcome.OK
    assert "4000 hits" in (report.reason or "")
    assert report.unread is not None
    assert report.unread.since is not None
    assert report.unread.until == report.unread.since + timedelta(seconds=1)


@pytest.mark.parametrize(
    "cursor", [{"since": "x"}, {"since": NOW, "until": NOW - 5, "page": 1, "seen": 3}]
)
async def test_a_foreign_cursor_is_a_new_beginning(cursor: Any) -> None:
    async with news() as site:
        await site.plant(cursor)
        assert (await site.pull()).outcome is Outcome.OK


def item(hit: Any) -> dict[str, Any]:
    """The item of the site's own API that stands for a hit of the search."""
    return {
        "id": int(hit["objectID"]),
        "type": "comment" if "comment_text" in hit else "story",
        "by": hit["author"],
        "time": hit["created_at_i"],
        "text": hit.get("comment_text") or hit.get("story_text"),
        "title": hit.get("title"),
        "url": hit.get("url"),
        "score": hit.get("points"),
        "descendants": hit.get("num_comments"),
        "parent": hit.get("parent_id"),
    }


def wordings(posts: Any) -> dict[str, tuple[str, Any]]:
    return {post.native_id: (post.content_hash, post.engagement) for post in posts}


async def test_an_item_read_again_is_the_hit_of_the_search() -> None:
    hits = [*saved("hacker_news", "page1")["hits"], *saved("hacker_news", "page2")["hits"]]
    async with source_site("hacker_news", {"query": "Fogline"}, where="item_url") as site:
        for hit in hits:
            site.web.on(f"/v0/item/{hit['objectID']}.json", answer(item(hit)))
        again = await site.reread(*IDS, "../1")
    found = page({"hits": hits, "nbHits": 4, "nbPages": 1}).rows.posts
    assert again.stopped is None
    assert len(again.posts) == len(site.web.asked) == 4
    assert wordings(again.posts) == wordings(found)


@pytest.mark.parametrize("body", [None, {"id": 1, "deleted": True}, {"id": 1, "dead": True}])
async def test_a_deleted_or_dead_item_is_gone(body: Any) -> None:
    async with source_site("hacker_news", {"query": "Fogline"}, where="item_url") as site:
        site.web.on("/v0/item/1.json", answer(body))
        again = await site.reread("1")
    assert (again.posts, again.gone, again.stopped) == ((), ("1",), None)
