from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from crawlers.errors import UnreadableAnswer
from crawlers.post import Author, Channel
from crawlers.source import Outcome
from crawlers.sources.discourse import DiscourseSettings, PostsPage, parse
from tests.crawlers.sources.source_site import (
    SourceSite,
    answer,
    by_query,
    check_crash,
    check_drift,
    check_rate_limited,
    check_sign_in_page,
    check_two_pages,
    saved,
    source_site,
)
from tests.support.mock_site import Answer

PATH = "/posts.json"
SETTINGS = DiscourseSettings(base_url="https://forum.example")
IDS = (["1006", "1008", "1009"], ["1", "1003"])


def page(data: Any, **settings: Any) -> PostsPage:
    return parse(orjson.dumps(data), settings=SETTINGS.model_copy(update=settings))


@asynccontextmanager
async def forum(**settings: Any) -> AsyncIterator[SourceSite]:
    """A forum of an older version, whose second page begins with the last post of the first."""
    async with source_site("discourse", settings) as site:
        pages = {None: saved("discourse", "page1"), "1006": saved("discourse", "page2")}
        site.web.on(PATH, by_query("before", pages))
        yield site


def test_a_post_of_the_forum_becomes_a_post() -> None:
    post = page(saved("discourse", "page1")).list.posts[1]
    assert (post.source, post.native_id) == ("discourse:forum.example", "1008")
    assert post.text == "水壶漏水第 1008 次。\n\n客服 不回"
    assert (post.title, post.url) == ("雾线水壶漏水", "https://forum.example/t/77/8")
    assert post.published_at == datetime(2026, 3, 2, 3, 48, 10, 123000, tzinfo=UTC)
    assert post.author == Author(id="308", name="小8")
    assert (post.engagement.likes, post.engagement.comments, post.engagement.views) == (4, 1, 14)
    assert post.channel is Channel.SOCIAL


def test_no_like_in_the_summary_is_no_like_and_no_summary_is_unknown() -> None:
    data = saved("discourse", "page1")
    del data["latest_posts"][1]["actions_summary"]
    assert [post.engagement.likes for post in page(data).list.posts] == [0, None, 4]


def test_the_brand_s_own_forum_may_be_in_app() -> None:
    posts = page(saved("discourse", "page1"), channel=Channel.IN_APP).list.posts
    assert {post.channel for post in posts} == {Channel.IN_APP}


def test_hidden_taken_back_and_small_actions_are_left_out() -> None:
    assert page(saved("discourse", "page1")).left_out == 1
    assert page(saved("discourse", "page2")).left_out == 2


def test_a_deleted_post_that_staff_may_see_is_left_out() -> None:
    data = saved("discourse", "page1")
    data["latest_posts"][0]["deleted_at"] = "2026-03-02T04:00:00Z"
    assert page(data).left_out == 2


def test_a_post_of_pictures_only_stands_by_its_title() -> None:
    data = saved("discourse", "page1")
    data["latest_posts"][0]["cooked"] = "<p><img src='/x.png'></p>"
    assert page(data).list.posts[0].text == "雾线水壶漏水"
    data["latest_posts"][0]["topic_title"] = None
    assert page(data).left_out == 2


def test_one_bad_post_is_named_and_the_rest_come() -> None:
    data = saved("discourse", "page1")
    data["latest_posts"][0]["cooked"] = 7
    read = page(data).list
    assert [post.native_id for post in read.posts] == ["1008", "1006"]
    assert read.rejected == (("post 1", "cooked is int, not a string"),)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"errors": ["you must log in"]}, "it says you must log in"),
        ({"latest_posts": {}}, "latest_posts: no list"),
        ([], "latest_posts"),
    ],
)
def test_what_is_no_list_of_posts_is_drift(data: Any, field: str) -> None:
    with pytest.raises(UnreadableAnswer, match=field):
        page(data)


async def test_two_pages_are_read_one_by_one() -> None:
    async with forum() as site:
        await check_two_pages(site, ids=IDS)
        assert site.web.paths() == ["/posts.json", "/posts.json?before=1006"]


async def test_a_crash_between_page_and_checkpoint_loses_nothing() -> None:
    async with forum() as site:
        await check_crash(site, ids=[*IDS[0], *IDS[1]])


async def test_a_429_is_obeyed() -> None:
    async with forum() as site:
        await check_rate_limited(site)


async def test_drift_is_noticed() -> None:
    data = saved("discourse", "page1")
    for post in data["latest_posts"]:
        post["body"] = post.pop("cooked")
        post["hidden"] = False
    async with forum() as site:
        site.web.on(PATH, answer(data))
        await check_drift(site, field="cooked")


async def test_a_sign_in_page_is_blocked() -> None:
    async with forum() as site:
        await check_sign_in_page(site, path=PATH)


async def test_an_empty_list_is_suspect_unless_the_forum_is_new() -> None:
    async with forum() as site:
        site.web.on(PATH, answer({"latest_posts": []}))
        assert (await site.pull()).outcome is Outcome.BLOCKED
    async with forum(may_be_empty=True) as site:
        site.web.on(PATH, answer({"latest_posts": []}))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY


@pytest.mark.parametrize("status", [401, 403])
async def test_a_forum_for_members_says_what_to_do(status: int) -> None:
    async with forum() as site:
        site.web.on(PATH, Answer(status=status))
        report = await site.pull()
    assert report.outcome is Outcome.BLOCKED
    assert "secret `api_key`" in (report.reason or "")


async def test_the_key_goes_out_in_the_header_alone() -> None:
    async with forum(api_key="k3y", username="reader") as site:
        await site.pull()
    asked = site.web.asked[-1]
    assert (asked.headers["api-key"], asked.headers["api-username"]) == ("k3y", "reader")
    assert "k3y" not in asked.path


async def test_a_foreign_cursor_is_a_new_beginning() -> None:
    async with forum() as site:
        await site.plant({"at": "../admin", "pages": 1, "seen": {}, "met": {}})
        await site.pull()
    assert site.web.paths() == ["/posts.json"]


@pytest.mark.parametrize("settings", [{"api_key": "a\nb"}, {"username": "a b"}])
def test_what_cannot_stand_in_a_header_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        DiscourseSettings.model_validate({"base_url": "https://forum.example", **settings})


async def test_a_post_read_again_heads_the_page_that_begins_with_it() -> None:
    data = saved("discourse", "page1")
    data["latest_posts"][1]["reads"] = 4321
    async with source_site("discourse", {}) as site:
        site.web.on(PATH, by_query("before", {"1009": data, "1008": data}))
        again = await site.reread("1008", "1007", "x")
    assert [(post.native_id, post.engagement.views) for post in again.posts] == [("1008", 4321)]
    assert (again.gone, again.stopped) == (("1007",), None)
    assert again.posts[0].title == "雾线水壶漏水"


async def test_an_empty_page_says_nothing_of_a_post() -> None:
    async with source_site("discourse", {}) as site:
        site.web.on(PATH, answer({"latest_posts": []}))
        again = await site.reread("1008")
    assert (again.posts, again.gone) == ((), ())
    assert again.stopped is not None
