from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from crawlers.errors import UnreadableAnswer
from crawlers.post import Author
from crawlers.source import Outcome
from crawlers.sources.reddit import Listing, RedditSettings, parse, parse_token
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
from tests.support.mock_site import Answer, MockSite, mock_site

PATH = "/r/fogline/new"
SIGN_IN = "/api/v1/access_token"
KEYS = {"client_id": "app", "client_secret": "s3cret"}
IDS = (["t3_k8", "t3_k9"], ["t3_k4", "t3_k6"])
PAGES = {None: "page1", "t3_k7": "page2"}


def page(data: Any, *, adult: bool = False) -> Listing:
    return parse(orjson.dumps(data), adult=adult)


@asynccontextmanager
async def reddit(**settings: Any) -> AsyncIterator[tuple[SourceSite, MockSite]]:
    """A subreddit of two pages, and the place where a token is to be had."""
    async with mock_site() as door:
        door.on(SIGN_IN, answer(saved("reddit", "token")))
        given = {"subreddits": ["fogline"], **KEYS, "sign_in_url": door.url(SIGN_IN), **settings}
        async with source_site("reddit", given) as site:
            site.web.on(
                PATH, by_query("after", {at: saved("reddit", name) for at, name in PAGES.items()})
            )
            yield site, door


def test_a_submission_becomes_a_post() -> None:
    post = page(saved("reddit", "page1")).list.posts[0]
    assert (post.source, post.native_id) == ("reddit", "t3_k9")
    assert (post.title, post.text) == ("Kettle 9 leaks", "The kettle leaks & support is silent 9")
    assert post.published_at == datetime.fromtimestamp(1_772_420_009, UTC)
    assert post.author == Author(id="t2_u9", name="user_9")
    assert (post.engagement.likes, post.engagement.comments) == (29, 9)
    assert post.url == "https://www.reddit.com/r/fogline/comments/k9/kettle_9_leaks/"
    assert post.extra["subreddit"] == "fogline"
    assert "link" not in post.extra


def test_a_link_says_what_its_title_says() -> None:
    post = page(saved("reddit", "page1")).list.posts[1]
    assert (post.text, post.extra["link"]) == ("Kettle 8 leaks", "https://press.example/recall")


def test_a_crosspost_names_its_original_and_a_score_below_zero_is_none() -> None:
    first, second = page(saved("reddit", "page2")).list.posts
    assert first.repost_of == "t3_zz1"
    assert second.engagement.likes == 0


@pytest.mark.parametrize(
    "change",
    [{"removed_by_category": "deleted"}, {"selftext": "[removed]"}, {"author": "[deleted]"}],
)
def test_what_was_removed_is_left_out(change: dict[str, str]) -> None:
    data = saved("reddit", "page1")
    data["data"]["children"][0]["data"].update(change)
    assert page(data).left_out == 2


def test_adult_submissions_come_only_where_they_are_asked_for() -> None:
    assert page(saved("reddit", "page2")).left_out == 1
    assert page(saved("reddit", "page2"), adult=True).left_out == 0


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"message": "Forbidden", "error": 403}, "it says Forbidden"),
        ({"data": {"children": None}}, "data.children"),
    ],
)
def test_what_is_no_listing_is_drift(data: Any, field: str) -> None:
    with pytest.raises(UnreadableAnswer, match=field):
        page(data)


def test_a_submission_of_another_shape_is_named() -> None:
    data = saved("reddit", "page1")
    del data["data"]["children"][0]["data"]["title"]
    data["data"]["children"][1] = {"kind": "t3"}
    data["data"]["children"].append(saved("reddit", "page2")["data"]["children"][0])
    assert page(data).list.rejected == (
        ("submission 1", "title is missing"),
        ("submission 2", "is no object but NoneType"),
    )


def test_a_token_is_used_until_a_little_before_its_end() -> None:
    token = parse_token(orjson.dumps({"access_token": "t", "expires_in": 3600}), now=START)
    assert (token.value, token.until) == ("t", START + timedelta(minutes=58))


@pytest.mark.parametrize("said", [{}, {"error": "invalid_grant"}, {"access_token": "a\r\nb: c"}])
def test_what_is_no_token_is_drift(said: dict[str, str]) -> None:
    with pytest.raises(UnreadableAnswer, match="access_token"):
        parse_token(orjson.dumps(said), now=START)


async def test_two_pages_are_read_with_one_token() -> None:
    async with reddit() as (site, door):
        await check_two_pages(site, ids=IDS)
        (asked,) = door.asked
    pair = base64.b64encode(b"app:s3cret").decode()
    assert asked.headers["authorization"] == f"Basic {pair}"
    assert asked.body == b"grant_type=client_credentials"
    assert {request.headers["authorization"] for request in site.web.asked} == {"Bearer tok-1"}
    assert query_of(site.web.asked[-1]) == {"limit": "100", "raw_json": "1", "after": "t3_k7"}


async def test_a_crash_between_page_and_checkpoint_loses_nothing() -> None:
    async with reddit() as (site, _):
        await check_crash(site, ids=[*IDS[0], *IDS[1]])


async def test_a_429_is_obeyed() -> None:
    async with reddit() as (site, _):
        await check_rate_limited(site)


async def test_a_spent_quota_in_seconds_is_waited_for() -> None:
    spent = answer(saved("reddit", "page1"), x_ratelimit_remaining="0.0", x_ratelimit_reset="240")
    async with reddit() as (site, _):
        site.web.on(PATH, spent)
        await site.pull()
        began = site.at
        site.web.on(PATH, answer(saved("reddit", "page2")))
        while len(site.web.asked) == 1:
            await site.pull()
    assert site.at - began >= timedelta(seconds=240)


async def test_drift_is_noticed() -> None:
    data = saved("reddit", "page1")
    for child in data["data"]["children"]:
        child["data"]["date"] = child["data"].pop("created_utc")
        child["data"]["removed_by_category"] = None
        child["data"]["selftext"] = "words"
    async with reddit() as (site, _):
        site.web.on(PATH, answer(data))
        await check_drift(site, field="created_utc")


async def test_a_sign_in_page_is_blocked() -> None:
    async with reddit() as (site, _):
        await check_sign_in_page(site, path=PATH)


async def test_a_token_that_was_taken_back_is_asked_for_anew() -> None:
    async with reddit() as (site, door):
        site.web.on(PATH, Answer(status=401))
        assert (await site.pull()).outcome is Outcome.BLOCKED
        site.web.on(PATH, answer(saved("reddit", "page2")))
        assert (await site.pull()).outcome is Outcome.OK
        assert len(door.asked) == 2


async def test_a_token_that_has_ended_is_asked_for_anew() -> None:
    async with reddit() as (site, door):
        short = answer({"access_token": "tok", "expires_in": 60})
        door.on(SIGN_IN, short)
        await site.drain()
        site.at += timedelta(minutes=5)
        await site.pull()
        assert len(door.asked) == 2


async def test_an_application_that_reddit_does_not_know_says_what_to_do() -> None:
    async with reddit() as (site, door):
        door.on(SIGN_IN, Answer(status=401))
        report = await site.pull()
    assert report.outcome is Outcome.BLOCKED
    assert "client_secret" in (report.reason or "")
    assert "s3cret" not in (report.reason or "")
    assert site.web.asked == []


async def test_no_token_is_drift_and_no_page_is_asked_for() -> None:
    async with reddit() as (site, door):
        door.on(SIGN_IN, answer({"error": "unsupported"}))
        assert (await site.pull()).outcome is Outcome.SCHEMA_DRIFT
    assert site.web.asked == []


async def test_a_server_error_of_the_token_call_is_a_failure() -> None:
    async with reddit() as (site, door):
        door.on(SIGN_IN, Answer(status=500))
        assert (await site.pull()).outcome is Outcome.FAILED


async def test_an_empty_subreddit_is_suspect_and_an_empty_search_is_calm() -> None:
    nothing = {"kind": "Listing", "data": {"after": None, "children": []}}
    async with reddit() as (site, _):
        site.web.on(PATH, answer(nothing))
        assert (await site.pull()).outcome is Outcome.BLOCKED
    async with reddit(subreddits=[], query="雾线 OR fogline") as (site, _):
        site.web.on("/search", answer(nothing))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY
    asked = query_of(site.web.asked[-1])
    assert (asked["q"], asked["sort"]) == ("雾线 OR fogline", "new")
    assert "restrict_sr" not in asked


async def test_a_search_within_subreddits_stays_there() -> None:
    async with reddit(subreddits=["fogline", "kettles"], query="leak", adult=True) as (site, _):
        site.web.on("/r/fogline+kettles/search", answer(saved("reddit", "page2")))
        assert (await site.pull()).outcome is Outcome.OK
    asked = query_of(site.web.asked[-1])
    assert (asked["restrict_sr"], asked["include_over_18"]) == ("true", "on")


@pytest.mark.parametrize(
    "settings", [{}, {"subreddits": ["a/b"]}, {"query": ""}, {"subreddits": ["x" * 51]}]
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RedditSettings.model_validate({**KEYS, **settings})


async def test_submissions_are_read_again_together_and_removed_ones_are_gone() -> None:
    data = saved("reddit", "page1")
    rows = [child["data"] for child in data["data"]["children"]]
    next(row for row in rows if row["name"] == "t3_k9")["score"] = 4321
    next(row for row in rows if row["name"] == "t3_k8")["removed_by_category"] = "moderator"
    async with reddit() as (site, _):
        site.web.on("/api/info", answer(data))
        again = await site.reread("t3_k9", "t3_k8", "t3_none", "../x")
        (asked,) = [item for item in site.web.asked if item.path.startswith("/api/info")]
    assert query_of(asked)["id"] == "t3_k9,t3_k8,t3_none"
    assert [(p.native_id, p.engagement.likes) for p in again.posts if p.native_id == "t3_k9"] == [
        ("t3_k9", 4321)
    ]
    assert (again.gone, again.stopped) == (("t3_k8", "t3_none"), None)


async def test_a_refusal_says_nothing_of_the_submissions() -> None:
    async with reddit() as (site, _):
        site.web.on("/api/info", Answer(status=403))
        again = await site.reread("t3_k9")
    assert (again.posts, again.gone) == ((), ())
    assert again.stopped is not None
