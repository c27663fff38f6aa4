from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers import BadSettings, build_source
from crawlers.errors import UnreadableAnswer
from crawlers.post import Author, Channel
from crawlers.source import Cursor, Ok, OkEmpty, Outcome, Response
from crawlers.sources.html_list import HtmlListSettings, HtmlPage, parse
from tests.crawlers.sources.source_site import (
    DATA,
    START,
    SourceSite,
    check_crash,
    check_drift,
    check_rate_limited,
    check_sign_in_page,
    check_two_pages,
    query_of,
    source_site,
)
from tests.support.mock_site import Answer, Asked

PATH = "/board"
URL = "https://www.board.example/board"
DECLARED: dict[str, Any] = {
    "path": PATH,
    "rows": "ul.list > li.topic",
    "nothing_found": "p.none",
    "next": "a.next",
    "fields": {
        "native_id": {"attribute": "data-id"},
        "title": "a.t",
        "text": ".body",
        "url": {"css": "a.t", "attribute": "href"},
        "author.id": {"css": "a.who", "attribute": "href", "after": "/u/"},
        "author.name": "a.who",
        "published_at": {"css": ".at", "after": "发表于"},
        "engagement.views": ".n",
    },
}
SETTINGS = HtmlListSettings.model_validate({"base_url": "https://www.board.example", **DECLARED})
IDS = (["13", "14"], ["11", "12"])


def saved(name: str) -> bytes:
    return (DATA / "html_list" / f"{name}.html").read_bytes()


def page(body: bytes, *, position: str | None = None, **settings: Any) -> HtmlPage:
    declared = HtmlListSettings.model_validate(
        {"base_url": "https://www.board.example", **DECLARED, **settings}
    )
    return parse(body, settings=declared, now=START, url=URL, position=position)


@asynccontextmanager
async def board(**settings: Any) -> AsyncIterator[SourceSite]:
    async with source_site("html_list", {**DECLARED, **settings}) as site:

        def handler(asked: Asked) -> Answer:
            number = query_of(asked).get("page", "1")
            return Answer(body=saved(f"page{number}" if number in "12" else "nothing"))

        site.web.on(PATH, handler)
        yield site


def refused(**settings: Any) -> str:
    """What is said of settings that are refused."""
    given = {"base_url": "https://board.example", **DECLARED, **settings}
    with pytest.raises(BadSettings) as caught:
        build_source("html_list", "one", given, now=lambda: START)
    return str(caught.value)


def test_a_row_becomes_a_post_as_declared() -> None:
    post = page(saved("page1"), lang="zh").list.posts[0]
    assert (post.source, post.native_id) == ("board.example", "14")
    assert (post.title, post.text) == ("雾线水壶 14", "水壶漏水 14\n客服不回")
    assert post.url == "https://www.board.example/t/14"
    assert post.author == Author(id="14", name="小14")
    assert post.published_at == datetime(2026, 3, 2, 3, 14, tzinfo=UTC)
    assert (post.engagement.views, post.lang) == (12_000, "zh")
    assert post.channel is Channel.THIRD_PARTY


def test_what_stands_before_a_mark_may_be_taken() -> None:
    rule = {"css": ".n", "after": "浏览", "before": "万"}
    fields = {**DECLARED["fields"], "extra.seen": rule, "extra.none": {"css": "a", "after": "?"}}
    read = page(saved("page1"), fields=fields).list
    assert read.posts[0].extra == {"seen": "1.2"}
    assert read.notes == (("every row", "extra.none is missing"),)


def test_a_field_that_every_row_lost_is_named_unless_it_is_optional() -> None:
    body = saved("page1").replace(b'class="n"', b'class="m"')
    assert page(body).list.notes == (("every row", "engagement.views is missing"),)
    assert page(body, optional=["engagement.views"]).list.notes == ()


def test_a_bad_row_is_named_and_the_rest_come() -> None:
    read = page(saved("page1").replace(b"2026-03-02 11:14", b"??")).list
    assert [post.native_id for post in read.posts] == ["13"]
    assert read.rejected[0][0] == "row 1"


@pytest.mark.parametrize(
    ("href", "following"),
    [
        ("/board?page=2#top", f"{URL}?page=2"),
        ("#", None),
        ("", None),
        ("/" + "x" * 3_000, None),
    ],
)
def test_the_next_page_is_where_the_link_leads(href: str, following: str | None) -> None:
    body = saved("page1").replace(b"/board?page=2#top", href.encode())
    assert page(body).list.next == following


def test_a_next_page_on_another_site_is_told_and_not_followed() -> None:
    read = page(saved("page1").replace(b"/board?page=2#top", b"https://evil.example/")).list
    assert read.next is None
    assert read.notes[0][0] == "next"


def test_no_row_is_told_apart() -> None:
    assert page(saved("nothing")).is_empty
    with pytest.raises(UnreadableAnswer, match="selects nothing; an HTML page instead of the list"):
        page(b"<html><title>Board</title><div class=card>x</div></html>")
    with pytest.raises(UnreadableAnswer) as caught:
        page("<html><title>登录</title></html>".encode())
    assert caught.value.login


def test_past_the_last_counted_page_the_list_ends() -> None:
    counted = {"next": None, "path": "/board?p={page}"}
    assert page(b"<p>end</p>", position="7", **counted).is_empty
    with pytest.raises(UnreadableAnswer):
        page(b"<p>end</p>", **counted)


async def test_two_pages_are_read_by_their_link() -> None:
    async with board() as site:
        await check_two_pages(site, ids=IDS)
        assert site.web.paths()[1:] == ["/board", "/board?page=2"]


async def pages_of(base_url: str, site: str) -> list[str]:
    """What is asked for of a board at `base_url` that answers from `site`, up to ten pulls."""
    asked: list[str] = []

    class Redirected:
        async def get(self, url: str, **_: Any) -> Response:
            asked.append(url)
            place = site + urlsplit(url)._replace(scheme="", netloc="").geturl()
            body = saved("page1" if "page=2" not in url else "page2")
            return Response(status=200, url=place, headers={}, body=body)

    source = build_source("html_list", "one", {"base_url": base_url, **DECLARED}, now=lambda: START)
    cursor: Cursor | None = None
    for _ in range(10):
        result = await source.pull(cursor, Redirected())  # type: ignore[arg-type]
        assert isinstance(result, Ok | OkEmpty)
        cursor = result.cursor
        if result.hint != timedelta(0):
            break
    return asked


async def test_a_site_that_moved_to_https_is_read_to_its_end() -> None:
    asked = await pages_of("http://board.example", "https://board.example")
    assert asked == ["http://board.example/board", "https://board.example/board?page=2"]


async def test_a_site_that_moved_to_another_host_is_read_once_and_never_in_circles() -> None:
    asked = await pages_of("https://board.example", "https://www.board.example")
    assert asked == ["https://board.example/board"]


async def test_pages_are_counted_until_one_says_there_is_nothing() -> None:
    async with board(path="/board?page={page}", next=None) as site:
        await site.drain()
    assert sorted(site.posts) == ["11", "12", "13", "14"]
    assert site.web.paths()[1:] == [f"/board?page={number}" for number in (1, 2, 3)]


async def test_a_crash_between_page_and_checkpoint_loses_nothing() -> None:
    async with board() as site:
        await check_crash(site, ids=[*IDS[0], *IDS[1]])


async def test_a_429_is_obeyed() -> None:
    async with board() as site:
        await check_rate_limited(site)


async def test_drift_is_noticed_though_the_page_has_a_form_to_sign_in() -> None:
    changed = saved("changed").replace(b'type="password"', b'type="text"')
    async with board() as site:
        site.web.on(PATH, Answer(body=changed))
        await check_drift(site, field="ul.list > li.topic selects nothing")


async def test_a_sign_in_page_is_blocked() -> None:
    async with board() as site:
        await check_sign_in_page(site, path=PATH)


async def test_a_page_that_says_nothing_found_is_calm() -> None:
    async with board() as site:
        site.web.on(PATH, Answer(body=saved("nothing")))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY


async def test_robots_txt_is_obeyed() -> None:
    async with board() as site:
        site.web.on("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /board"))
        assert (await site.pull()).outcome is Outcome.BLOCKED
    assert site.web.paths() == ["/robots.txt"]


async def test_ten_thousand_levels_are_a_page_like_any_other() -> None:
    async with board() as site:
        site.web.on(PATH, Answer(body=b"<div>" * 10_000 + b"<li class=topic>x</li>"))
        assert (await site.pull()).outcome is Outcome.SCHEMA_DRIFT


@pytest.mark.parametrize("at", ["https://evil.example/board", "3"])
async def test_a_foreign_cursor_is_a_new_beginning(at: str) -> None:
    async with board() as site:
        await site.plant({"at": at, "pages": 1, "seen": {}, "met": {}})
        assert (await site.pull()).outcome is Outcome.OK
    assert site.web.paths()[-1] == "/board"


async def test_a_counted_page_of_a_foreign_cursor_is_a_new_beginning() -> None:
    async with board(path="/board?page={page}", next=None) as site:
        await site.plant({"at": "x", "pages": 1, "seen": {}, "met": {}})
        await site.pull()
    assert site.web.paths()[-1] == "/board?page=1"


async def test_a_board_is_read_as_a_whole() -> None:
    async with board(order="any", next=None, daily=True, time="observed") as site:
        await site.pull()
        report = await site.pull()
    assert site.batches == [["2026-03-02:14", "2026-03-02:13"]]
    assert report.outcome is Outcome.OK_EMPTY


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"rows": "li["}, "no CSS selector"),
        ({"rows": "li" * 200}, "at most 300"),
        ({"fields": {"text": ".body"}}, "must be mapped"),
        ({"path": "/b?p={page}"}, "one of both"),
        ({"order": "any"}, "read as one page"),
        ({"obey_robots": False}, "obey_robots"),
        ({"basis": "official_api"}, "basis"),
        ({"basis": "unofficial"}, "say why you may read it"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, Any], said: str) -> None:
    assert said in refused(**settings)
