from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from crawlers.errors import UnreadableAnswer
from crawlers.post import Author
from crawlers.source import Outcome
from crawlers.sources.mastodon import PER_PAGE, MastodonSettings, Timeline, parse
from tests.crawlers.sources.source_site import (
    START,
    SourceSite,
    answer,
    check_crash,
    check_drift,
    check_rate_limited,
    check_sign_in_page,
    query_of,
    saved,
    source_site,
)
from tests.support.mock_site import Answer, Asked

PUBLIC = "/api/v1/timelines/public"
TAG = "/api/v1/timelines/tag/%E9%9B%BE%E7%BA%BF"
SETTINGS = MastodonSettings(base_url="https://town.example")
PREV = '<https://town.example/api/v1/timelines/public?min_id={}>; rel="prev"'
NEXT = '<https://town.example/api/v1/timelines/public?max_id=1>; rel="next"'


def page(data: Any, *, link: str = "", **settings: Any) -> Timeline:
    return parse(orjson.dumps(data), settings=SETTINGS.model_copy(update=settings), link=link)


def statuses(first: int, count: int) -> list[Any]:
    """Statuses with the numbers from `first`, newest first as a timeline has them."""
    model = saved("mastodon", "newest")[0]
    return [
        model | {"id": f"2{number:05}", "uri": f"https://town.example/{number}"}
        for number in range(first + count - 1, first - 1, -1)
    ]


def forward(total: int) -> Any:
    """A timeline of `total` statuses that is read forward by min_id."""

    def handler(asked: Asked) -> Answer:
        after = query_of(asked).get("min_id")
        first = total - 1 if after is None else int(after[1:]) + 1
        shown = statuses(first, min(PER_PAGE, total - first))
        if not shown:
            return answer([])
        return answer(shown, link=f"{NEXT}, {PREV.format(shown[0]['id'])}")

    return handler


@asynccontextmanager
async def town(**settings: Any) -> AsyncIterator[SourceSite]:
    """An instance whose cursor stands before 42 statuses: a full page and another one."""
    async with source_site("mastodon", settings) as site:
        site.web.on(PUBLIC, forward(42))
        await site.plant({"min_id": "2-1"})
        yield site


def test_a_status_becomes_a_post() -> None:
    post = page(saved("mastodon", "newest")).rows.posts[0]
    assert (post.source, post.native_id) == ("mastodon:town.example", "116000000000000002")
    assert post.text == "水壶漏水\n客服踢皮球 #fogline"
    assert post.published_at == datetime(2026, 3, 2, 3, 50, tzinfo=UTC)
    assert post.author == Author(id="52", name="小2", followers=102)
    assert (post.engagement.reposts, post.engagement.comments, post.engagement.likes) == (2, 1, 3)
    assert (post.parent_id, post.lang) == ("116000000000000001", "zh")
    assert post.url == "https://town.example/@p2/2"


def test_a_warning_is_the_title() -> None:
    assert page(saved("mastodon", "newest")).rows.posts[1].title == "抱怨"


def test_a_picture_stands_by_what_its_author_says_of_it() -> None:
    (post,) = page(saved("mastodon", "picture")).rows.posts
    assert post.text == "壶盖断裂的照片"


def test_who_does_not_agree_to_be_found_is_left_out() -> None:
    read = page(saved("mastodon", "left_out"))
    assert (read.rows.posts, read.rows.left_out, read.shown) == ((), 6, 6)


def test_the_undecided_come_where_the_operator_answers_for_it() -> None:
    read = page(saved("mastodon", "left_out"), unindexed=True)
    assert [post.text for post in read.rows.posts] == ["没有表态"]


def test_an_instance_that_does_not_know_indexable_is_asked_for_refusals_only() -> None:
    (status,) = saved("mastodon", "picture")
    del status["account"]["indexable"]
    assert len(page([status]).rows.posts) == 1


def test_a_boost_is_left_out() -> None:
    (status,) = saved("mastodon", "picture")
    assert page([status | {"reblog": {"id": "1"}}]).rows.left_out == 1


@pytest.mark.parametrize(
    ("link", "newest"),
    [
        (f"{NEXT}, {PREV.format('77')}", "77"),
        (NEXT, "116000000000000002"),
        (PREV.format("../etc"), "116000000000000002"),
        ('<http://[bad?min_id=1>; rel="prev"', "116000000000000002"),
        ("", "116000000000000002"),
    ],
)
def test_the_next_place_comes_from_the_link_header_or_the_newest(link: str, newest: str) -> None:
    assert page(saved("mastodon", "newest"), link=link).newest == newest


def test_an_error_object_is_drift_and_named() -> None:
    with pytest.raises(UnreadableAnswer, match="no list of statuses: maintenance"):
        page({"error": "maintenance"})


@pytest.mark.parametrize(("key", "value"), [("content", 7), ("account", None)])
def test_a_status_of_another_shape_is_named(key: str, value: Any) -> None:
    good, bad = saved("mastodon", "newest")
    read = page([good, bad | {key: value}])
    assert len(read.rows.posts) == 1
    assert read.rows.rejected[0][0] == "status 2"


async def test_two_pages_are_read_forward_one_by_one() -> None:
    async with town() as site:
        reports = await site.drain()
        assert [report.posts for report in reports] == [40, 2]
        assert (await site.checkpoint()).cursor == {"min_id": "200041"}
    assert [query_of(asked).get("min_id") for asked in site.web.asked[1:]] == ["2-1", "200039"]
    assert len(site.posts) == 42


async def test_a_crash_between_page_and_checkpoint_loses_nothing() -> None:
    async with town() as site:
        await check_crash(site, ids=[f"2{number:05}" for number in range(42)])


async def test_a_429_is_obeyed() -> None:
    async with town() as site:
        await check_rate_limited(site)


async def test_a_spent_quota_is_waited_for() -> None:
    reset = START.replace(minute=30).isoformat()
    spent = answer(statuses(0, PER_PAGE), x_ratelimit_remaining="0", x_ratelimit_reset=reset)
    async with town() as site:
        site.web.on(PUBLIC, spent)
        assert (await site.pull()).outcome is Outcome.OK
        asked = len(site.web.asked)
        waiting = await site.pull()
        assert len(site.web.asked) == asked
        assert waiting.next_due_at >= START.replace(minute=30)


async def test_lost_texts_are_drift() -> None:
    data = [status | {"content": None} for status in saved("mastodon", "newest")]
    async with source_site("mastodon", {}) as site:
        site.web.on(PUBLIC, answer(data))
        await check_drift(site, field="content")


async def test_a_sign_in_page_is_blocked() -> None:
    async with town() as site:
        await check_sign_in_page(site, path=PUBLIC)


async def test_the_first_pull_takes_the_newest_only() -> None:
    async with source_site("mastodon", {}) as site:
        site.web.on(PUBLIC, answer(saved("mastodon", "newest")))
        reports = await site.drain()
    assert [report.posts for report in reports] == [2]
    assert query_of(site.web.asked[-1]) == {"limit": "40"}


async def test_nothing_new_leaves_the_cursor_where_it_was() -> None:
    async with town() as site:
        site.web.on(PUBLIC, answer([]))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY
        assert (await site.checkpoint()).cursor == {"min_id": "2-1"}


async def test_a_page_of_people_who_do_not_agree_moves_the_cursor() -> None:
    async with town() as site:
        site.web.on(PUBLIC, answer(saved("mastodon", "left_out")))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY
        assert (await site.checkpoint()).cursor == {"min_id": "116000000000000008"}


async def test_hashtags_scope_and_token_go_out() -> None:
    settings = {"hashtags": ["雾线", "fogline"], "scope": "local", "token": "t0ken"}
    async with source_site("mastodon", settings) as site:
        site.web.on(TAG, answer(saved("mastodon", "newest")))
        await site.pull()
    asked = site.web.asked[-1]
    assert query_of(asked) == {"limit": "40", "local": "true", "any[]": "fogline"}
    assert asked.headers["authorization"] == "Bearer t0ken"


async def test_an_instance_that_wants_a_token_says_what_to_do() -> None:
    async with source_site("mastodon", {}) as site:
        site.web.on(PUBLIC, Answer(status=401))
        report = await site.pull()
    assert report.outcome is Outcome.BLOCKED
    assert "http 401 unauthorized" in (report.reason or "")
    assert "secret `token`" in (report.reason or "")


async def test_an_empty_public_timeline_is_suspect_and_an_empty_hashtag_is_calm() -> None:
    async with source_site("mastodon", {}) as site:
        site.web.on(PUBLIC, answer([]))
        assert (await site.pull()).outcome is Outcome.BLOCKED
    async with source_site("mastodon", {"hashtags": ["雾线"]}) as site:
        site.web.on(TAG, answer([]))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY


async def test_a_foreign_cursor_is_a_new_beginning() -> None:
    async with town() as site:
        await site.plant({"min_id": "&max_id=1"})
        await site.pull()
    assert "min_id" not in query_of(site.web.asked[-1])


@pytest.mark.parametrize(
    "settings", [{}, {"hashtags": ["#雾线"]}, {"scope": "mars"}, {"base_url": "town.example"}]
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, Any]) -> None:
    given = (
        settings
        if "base_url" in settings or not settings
        else {
            "base_url": "https://town.example",
            **settings,
        }
    )
    with pytest.raises(ValidationError):
        MastodonSettings.model_validate(given)


async def test_a_status_read_again_brings_its_counters_and_a_missing_one_is_gone() -> None:
    status = saved("mastodon", "newest")[0]
    path = "/api/v1/statuses"
    async with source_site("mastodon", {"token": "t0ken"}) as site:
        site.web.on(f"{path}/7", answer(status | {"id": "7", "favourites_count": 4321}))
        site.web.on(f"{path}/8", Answer(status=404))
        again = await site.reread("7", "8", "../x")
        asked = [asked for asked in site.web.asked if asked.path.startswith(path)]
    assert [item.headers.get("authorization") for item in asked] == ["Bearer t0ken"] * 2
    assert [(post.native_id, post.engagement.likes) for post in again.posts] == [("7", 4321)]
    assert (again.gone, again.stopped) == (("8",), None)


async def test_a_status_of_somebody_who_refuses_now_is_left_alone() -> None:
    status = saved("mastodon", "newest")[0]
    refused = status | {"id": "7", "account": status["account"] | {"indexable": False}}
    async with source_site("mastodon", {}) as site:
        site.web.on("/api/v1/statuses/7", answer(refused))
        again = await site.reread("7")
    assert (again.posts, again.gone, again.stopped) == ((), (), None)
