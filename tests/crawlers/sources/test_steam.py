from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from crawlers.errors import UnreadableAnswer
from crawlers.post import Author, Channel
from crawlers.source import Failed, Outcome, SchemaDrift
from crawlers.sources.steam import SteamPage, parse
from tests.crawlers.sources.source_site import (
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

PATH = "/appreviews/730000"
IDS = ("180000001", "180000002", "180000003", "180000004")
PAGES = {"*": "page1", "AoJ4q+abc/1=": "page2", "AoJ4r+def/2=": "end"}


def page(data: Any) -> SteamPage:
    return parse(orjson.dumps(data), app_id="730000")


@asynccontextmanager
async def game(**settings: Any) -> AsyncIterator[SourceSite]:
    """Two pages of two reviews, and an empty one that repeats its cursor."""
    async with source_site("steam", {"app_id": "730000", **settings}) as site:
        pages = {cursor: saved("steam", name) for cursor, name in PAGES.items()}
        site.web.on(PATH, by_query("cursor", pages))
        yield site


def test_a_review_becomes_a_post() -> None:
    first = page(saved("steam", "page1")).list.posts[0]
    assert (first.source, first.native_id) == ("steam", "180000004")
    assert (first.text, first.rating, first.lang) == ("存档丢了,几十个小时白玩。", 1.0, "zh-Hans")
    assert first.published_at == datetime.fromtimestamp(1_772_420_300, UTC)
    assert first.author == Author(id="76561198000000004")
    assert (first.engagement.likes, first.engagement.comments) == (31, 2)
    assert first.channel is Channel.THIRD_PARTY
    assert first.extra["recommended"] is False
    assert first.extra["minutes_played"] == 1404
    assert first.url == "https://steamcommunity.com/profiles/76561198000000004/recommended/730000/"


def test_a_bare_thumb_is_a_review() -> None:
    thumb = page(saved("steam", "page1")).list.posts[1]
    assert (thumb.text, thumb.rating) == ("👍", 5.0)


def test_a_language_we_have_no_name_for_and_a_nul_do_not_lose_the_review() -> None:
    odd = page(saved("steam", "page2")).list.posts[1]
    assert (odd.lang, odd.text) == (None, "Good game, bad servers.")


@pytest.mark.parametrize("steamid", [None, "not/a/number"])
def test_an_author_without_a_number_has_no_link(steamid: str | None) -> None:
    data = saved("steam", "page1")
    data["reviews"][0]["author"] = {"steamid": steamid}
    assert page(data).list.posts[0].url is None


@pytest.mark.parametrize(
    ("data", "field"), [({}, "success"), ({"success": 1}, "reviews"), ([1], "success")]
)
def test_what_is_no_list_of_reviews_is_drift(data: Any, field: str) -> None:
    with pytest.raises(UnreadableAnswer, match=field):
        page(data)


def test_one_bad_review_is_named_and_the_rest_come() -> None:
    data = saved("steam", "page1")
    data["reviews"][0]["voted_up"] = "yes"
    read = page(data).list
    assert [post.native_id for post in read.posts] == ["180000003"]
    assert read.rejected == (("review 1", "voted_up is str, not true or false"),)


async def test_two_pages_are_pulled_one_by_one() -> None:
    async with game() as site:
        await check_two_pages(site, ids=[["180000003", "180000004"], ["180000001", "180000002"]])


async def test_the_query_is_that_of_the_documentation() -> None:
    async with game(language="schinese") as site:
        await site.pull()
    assert query_of(site.web.asked[0]) == {
        "json": "1",
        "filter": "recent",
        "language": "schinese",
        "review_type": "all",
        "purchase_type": "all",
        "num_per_page": "100",
        "cursor": "*",
    }


async def test_a_crash_between_page_and_checkpoint_loses_nothing() -> None:
    async with game() as site:
        await check_crash(site, ids=IDS)


async def test_a_429_is_obeyed() -> None:
    async with game() as site:
        await check_rate_limited(site)


async def test_a_lost_time_is_drift() -> None:
    data = saved("steam", "page1")
    for review in data["reviews"]:
        review["created"] = review.pop("timestamp_created")
    async with game() as site:
        site.web.on(PATH, answer(data))
        await check_drift(site, field="timestamp_created")


async def test_a_sign_in_page_is_blocked() -> None:
    async with game() as site:
        await check_sign_in_page(site, path=PATH)


async def test_a_cursor_that_repeats_itself_is_the_end() -> None:
    data = saved("steam", "page2") | {"cursor": "AoJ4q+abc/1="}
    async with game() as site:
        pages = {"*": saved("steam", "page1"), "AoJ4q+abc/1=": data}
        site.web.on(PATH, by_query("cursor", pages))
        assert len(await site.drain()) == 2
    assert sorted(site.posts) == sorted(IDS)


async def test_the_walk_ends_at_the_page_limit() -> None:
    async with game(max_pages=1) as site:
        assert len(await site.drain()) == 1


async def test_an_empty_first_page_where_reviews_must_be_is_blocked() -> None:
    data = saved("steam", "page1") | {"reviews": []}
    async with game() as site:
        site.web.on(PATH, answer(data))
        report = await site.pull()
    assert report.outcome is Outcome.BLOCKED
    assert report.reason == "page 1 is empty where 119 reviews are said to be"


async def test_a_game_without_reviews_is_calm() -> None:
    async with game() as site:
        site.web.on(PATH, answer(saved("steam", "empty")))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY


async def test_an_app_that_steam_does_not_know_is_a_failure_that_says_so() -> None:
    async with game() as site:
        site.web.on(PATH, answer({"success": 2}))
        report = await site.pull()
    assert report.outcome is Outcome.FAILED
    assert report.reason == "Steam says success 2: is there an app 730000?"


async def test_the_newest_reviews_are_read_again_with_one_request() -> None:
    async with game() as site:
        again = await site.reread("180000004", "180000001")
        assert [post.native_id for post in again.posts] == ["180000004"]
        assert (again.gone, again.stopped, len(site.web.paths())) == ((), None, 1)
        site.web.on(PATH, answer({"success": 2}))
        stopped = (await site.reread("180000004")).stopped
    assert isinstance(stopped, Failed | SchemaDrift)
