from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from crawlers.errors import UnreadableAnswer
from crawlers.health import HealthState, assess_health
from crawlers.post import Author, Channel
from crawlers.source import Blocked, Outcome
from crawlers.sources.app_store import AppStoreSettings, parse
from crawlers.walk import ListPage
from tests.crawlers.sources.source_site import (
    SourceSite,
    answer,
    check_crash,
    check_drift,
    check_rate_limited,
    check_sign_in_page,
    check_two_pages,
    saved,
    source_site,
)

SETTINGS = AppStoreSettings(app_id="424242")
IDS = ("91000005", "91000004", "91000003", "91000002")
TWO_PAGES = (("91000004", "91000005"), ("91000002", "91000003"))


def path(page: int) -> str:
    return f"/cn/rss/customerreviews/page={page}/id=424242/sortby=mostrecent/json"


def page(data: Any, *, number: int = 1) -> ListPage:
    return parse(orjson.dumps(data), settings=SETTINGS, page=number)


@asynccontextmanager
async def shop(**settings: Any) -> AsyncIterator[SourceSite]:
    """Two pages of two reviews, and an empty third one."""
    async with source_site("app_store", {"app_id": "424242", **settings}) as site:
        for number, name in enumerate(("page1", "page2", "empty"), 1):
            site.web.on(path(number), answer(saved("app_store", name)))
        yield site


def test_a_review_becomes_a_post() -> None:
    first = page(saved("app_store", "page1")).posts[0]
    assert (first.source, first.native_id, first.rating) == ("app_store", "91000005", 1.0)
    assert (first.title, first.text) == ("闪退", "更新以后一打开就闪退,客服不理人。")
    assert first.published_at == datetime(2026, 3, 2, 3, 55, 10, tzinfo=UTC)
    assert first.author == Author(id="700005", name="读者5")
    assert (first.channel, first.engagement.likes) == (Channel.THIRD_PARTY, 12)
    assert first.extra == {"app": "424242", "country": "cn", "version": "3.2.1"}


def test_a_single_review_comes_as_an_object() -> None:
    assert [post.native_id for post in page(saved("app_store", "single")).posts] == ["91000001"]


def test_an_entry_that_describes_the_app_is_left_out() -> None:
    data = saved("app_store", "page1")
    data["feed"]["entry"].insert(0, {"im:name": {"label": "雾线"}, "id": {"label": "x"}})
    read = page(data)
    assert (len(read.posts), read.rejected) == (2, ())


def test_a_review_without_words_keeps_its_title_and_one_without_an_author_comes() -> None:
    data = saved("app_store", "single")
    data["feed"]["entry"] |= {"content": {"label": " "}, "author": {}}
    (post,) = page(data).posts
    assert (post.text, post.author) == ("第一条", None)


def test_the_tenth_page_is_the_last() -> None:
    assert page(saved("app_store", "page2"), number=9).next == "10"
    assert page(saved("app_store", "page2"), number=10).next is None


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"feed": {"title": {"label": "x"}}}, "feed"),
        ({}, "feed"),
        ([], "feed"),
        ({"feed": {"link": [], "entry": "none"}}, "feed.entry"),
    ],
)
def test_what_is_no_feed_is_drift(data: Any, field: str) -> None:
    with pytest.raises(UnreadableAnswer, match=field):
        page(data)


def test_a_field_that_every_review_lost_is_named_and_the_posts_come() -> None:
    data = saved("app_store", "page1")
    for entry in data["feed"]["entry"]:
        del entry["im:version"]
    read = page(data)
    assert len(read.posts) == 2
    assert read.rejected == (("every review", "im:version is missing"),)


async def test_two_pages_are_pulled_one_by_one() -> None:
    async with shop() as site:
        await check_two_pages(site, ids=TWO_PAGES)


async def test_a_crash_between_page_and_checkpoint_loses_nothing() -> None:
    async with shop() as site:
        await check_crash(site, ids=IDS)


async def test_a_429_is_obeyed() -> None:
    async with shop() as site:
        await check_rate_limited(site)


async def test_a_feed_without_dates_is_drift() -> None:
    data = saved("app_store", "page1")
    for entry in data["feed"]["entry"]:
        del entry["updated"]
    async with shop() as site:
        site.web.on(path(1), answer(data))
        await check_drift(site, field="updated.label")


async def test_a_sign_in_page_is_blocked() -> None:
    async with shop() as site:
        await check_sign_in_page(site, path=path(1))


async def test_the_second_walk_stops_at_what_is_known() -> None:
    async with shop() as site:
        await site.drain()
        asked = len(site.web.asked)
        reports = await site.drain()
        assert [report.outcome for report in reports] == [Outcome.OK_EMPTY]
        assert site.web.paths()[asked:] == [path(1)]


async def test_an_edited_review_comes_again() -> None:
    data = saved("app_store", "page1")
    async with shop() as site:
        await site.drain()
        data["feed"]["entry"][0]["content"]["label"] = "改了:还是闪退"
        site.web.on(path(1), answer(data))
        await site.drain()
    assert site.batches[-1] == ["91000005"]
    assert site.posts["91000005"].text == "改了:还是闪退"


@pytest.mark.parametrize("seen_before", [False, True])
async def test_an_empty_first_page_is_a_refusal(seen_before: bool) -> None:
    async with shop(may_be_empty=seen_before) as site:
        if seen_before:
            await site.drain()
        site.web.on(path(1), answer(saved("app_store", "empty")))
        report = await site.pull()
        health = assess_health(await site.checkpoint(), site.at, report.next_due_at - site.at)
    assert (report.outcome, health.state) == (Outcome.BLOCKED, HealthState.BLOCKED)
    assert "may_be_empty" in (report.reason or "")


async def test_an_app_without_reviews_is_calm_when_the_operator_says_so() -> None:
    async with shop(may_be_empty=True) as site:
        site.web.on(path(1), answer(saved("app_store", "empty")))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY


async def test_no_more_requests_than_the_rate_allows() -> None:
    async with shop(max_pages=1) as site:
        began = site.at
        for _ in range(25):
            site.restart()
            await site.pull()
    asked = sum(asked.startswith("/cn/") for asked in site.web.paths())
    assert asked == 25
    assert (site.at - began).total_seconds() >= 60


@pytest.mark.parametrize("cursor", [{"at": "99", "pages": 2}, {"at": 2, "seen": [1]}])
async def test_a_foreign_cursor_is_a_new_beginning(cursor: Any) -> None:
    async with shop() as site:
        await site.plant(cursor)
        await site.drain()
    assert sorted(site.posts) == sorted(IDS)


@pytest.mark.parametrize(
    "settings",
    [
        {"app_id": "abc"},
        {"app_id": "1", "country": "China"},
        {"app_id": "1", "max_pages": 11},
        {"app_id": "1", "base_url": "https://itunes.apple.com/?a=b"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: Mapping[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AppStoreSettings.model_validate(settings)


async def test_the_newest_reviews_are_read_again_with_one_request() -> None:
    async with shop() as site:
        again = await site.reread("91000005", "91000002")
        assert [post.native_id for post in again.posts] == ["91000005"]
        assert (again.gone, again.stopped) == ((), None)
        site.web.on(path(1), answer(saved("app_store", "empty")))
        assert isinstance((await site.reread("91000005")).stopped, Blocked)
