from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers.errors import UnreadableAnswer
from crawlers.post import Author, Channel, PostKey
from crawlers.reading_list import Waiting
from crawlers.sitemap import SitemapEntry
from crawlers.source import Outcome
from crawlers.sources.news import NewsSettings, parse
from tests.crawlers.sources.source_site import (
    DATA,
    START,
    SourceSite,
    check_crash,
    check_drift,
    check_sign_in_page,
    check_two_pages,
    source_site,
)
from tests.support.mock_site import Answer, Handler, gzip_bomb, with_etag

MAP = "/sitemap.xml"
ARTICLE = (DATA / "news" / "article.html").read_bytes()
LOGIN = "<html><title>登录</title><input type=password></html>".encode()
HTML = {"content-type": "text/html; charset=utf-8"}
SETTINGS = NewsSettings(sitemap="https://www.press.example/sitemap.xml")


def sitemap(*numbers: int, changed: str = "2026-03-02T03:{:02}:00Z") -> bytes:
    rows = "".join(
        f"<url><loc>/a/{number}.html</loc><lastmod>{changed.format(number)}</lastmod></url>"
        for number in numbers
    )
    return f"<urlset>{rows}</urlset>".encode()


def article(number: int) -> Answer:
    """An article that differs from the others."""
    return Answer(
        headers=HTML, body=ARTICLE.replace("客服失联".encode(), f"第 {number} 天".encode())
    )


@asynccontextmanager
async def press(*numbers: int, **settings: Any) -> AsyncIterator[SourceSite]:
    """A site with these articles in its sitemap, two of them a pull."""
    given = {"per_pull": 2, **settings}
    async with source_site("news", given, where="sitemap", path=MAP) as site:
        site.web.on(MAP, Answer(body=sitemap(*numbers)))
        for number in numbers:
            site.web.on(f"/a/{number}.html", article(number))
        yield site


def ids(site: SourceSite, *numbers: int) -> list[str]:
    return [site.web.url(f"/a/{number}.html") for number in numbers]


def read(body: bytes, **entry: str | None) -> Any:
    waiting = Waiting(entry=SitemapEntry(url="https://www.press.example/a/1.html", **entry))
    return parse(body, waiting=waiting, settings=SETTINGS, now=START)


def test_an_article_becomes_a_post() -> None:
    post = read(ARTICLE, changed="2026-03-02")
    assert (post.source, post.channel) == ("news:press.example", Channel.NEWS)
    assert post.native_id == post.url == "https://www.press.example/a/1.html"
    assert post.published_at == datetime(2026, 3, 2, 3, 40, tzinfo=UTC)
    assert (post.title, post.lang) == ("雾线水壶漏水 客服失联", "zh-CN")
    assert post.author == Author(id="李某", name="李某")
    assert post.extra == {"changed": "2026-03-02"}


@pytest.mark.parametrize(
    ("entry", "instant", "note"),
    [
        ({"published": "2026-03-02T03:10:00Z"}, "03:10", None),
        ({"changed": "2026-03-02T03:20:00Z"}, "03:20", None),
        ({}, "04:00", "missing"),
        (
            {"published": "2027-01-01T00:00:00Z"},
            "04:00",
            "in the future: 2027-01-01T00:00:00+00:00",
        ),
    ],
)
def test_a_page_without_a_date_has_that_of_the_sitemap_or_of_now(
    entry: dict[str, str], instant: str, note: str | None
) -> None:
    post = read(ARTICLE.replace(b"article:published_time", b"x"), **entry)
    assert f"{post.published_at:%H:%M}" == instant
    assert post.extra.get("published_note") == note


def test_a_long_address_is_cut_to_an_id_that_stays_unique() -> None:
    waiting = Waiting(entry=SitemapEntry(url="https://press.example/" + "x" * 600))
    post = parse(ARTICLE, waiting=waiting, settings=SETTINGS, now=START)
    assert len(post.native_id) == 512
    assert post.url == waiting.entry.url


def test_a_page_without_an_article_is_named() -> None:
    with pytest.raises(UnreadableAnswer, match="no article"):
        read(b"<p>short</p>")


async def test_articles_are_read_newest_first_a_few_a_pull() -> None:
    async with press(1, 2, 3) as site:
        await check_two_pages(site, ids=[ids(site, 3, 2), ids(site, 1)])
        assert site.web.paths().count(MAP) == 1


async def test_a_crash_between_page_and_checkpoint_loses_nothing() -> None:
    async with press(1, 2, 3, 4) as site:
        await check_crash(site, ids=ids(site, 1, 2, 3, 4))


@pytest.mark.parametrize("at", ["the sitemap", "an article"])
async def test_a_429_is_obeyed(at: str) -> None:
    limited = Answer(status=429, headers={"retry-after": "1800"})
    async with press(1) as site:
        path = MAP if at == "the sitemap" else "/a/1.html"
        route = site.web.routes[path]
        site.web.on(path, limited)
        report, began = await site.pull(), site.at
        assert report.outcome is Outcome.BLOCKED
        assert report.next_due_at - began >= timedelta(seconds=1_800)
        site.web.on(path, route)
        assert (await site.pull()).outcome is Outcome.OK


async def test_a_limit_amid_a_pull_keeps_what_was_read() -> None:
    async with press(1, 2) as site:
        site.web.on("/a/1.html", Answer(status=429, headers={"retry-after": "600"}))
        report, began = await site.pull(), site.at
        assert (report.outcome, report.posts) == (Outcome.OK, 1)
        site.web.on("/a/1.html", article(1))
        while len(site.posts) < 2:
            await site.pull()
    assert site.at - began >= timedelta(seconds=600)


async def test_drift_is_noticed_in_the_sitemap() -> None:
    async with press(1) as site:
        site.web.on(MAP, Answer(body=b"<rss><channel/></rss>"))
        await check_drift(site, field="root: rss")


async def test_a_sitemap_that_lists_nothing_is_drift_unless_it_may() -> None:
    async with press() as site:
        await check_drift(site, field="lists nothing")
    async with press(may_be_empty=True) as site:
        assert (await site.pull()).outcome is Outcome.OK_EMPTY


async def test_articles_of_another_shape_are_drift() -> None:
    async with press(1, 2, 3, per_pull=5) as site:
        for number in (1, 2, 3):
            site.web.on(f"/a/{number}.html", Answer(headers=HTML, body=b"<p>app</p>"))
        await check_drift(site, field="no article")


async def test_articles_that_fail_one_by_one_are_drift_in_the_end() -> None:
    bad = Answer(headers=HTML, body=b"<p>app</p>")
    async with press(1, 2) as site:
        for number in (1, 2, 3):
            site.web.on(f"/a/{number}.html", bad)
        first = await site.pull()
        assert (first.outcome, len(first.rejected)) == (Outcome.OK, 2)
        site.web.on(MAP, Answer(body=sitemap(1, 2, 3)))
        assert (await site.pull()).outcome is Outcome.SCHEMA_DRIFT


async def test_pages_that_cannot_be_read_do_not_hide_newer_ones() -> None:
    bad = Answer(headers=HTML, body=b"<p>app</p>")
    async with press(1, 2, 3, per_pull=3) as site:
        for number in (1, 2, 3):
            site.web.on(f"/a/{number}.html", bad)
        queue = [{"url": url} for url in ids(site, 1, 2, 3)]
        await site.plant({"queue": queue})
        assert (await site.pull()).outcome is Outcome.SCHEMA_DRIFT
        site.web.on(MAP, Answer(body=sitemap(1, 2, 3, 5)))
        site.web.on("/a/5.html", article(5))
        report = await site.pull()
        assert (report.outcome, list(site.posts)) == (Outcome.OK, ids(site, 5))
        assert len(report.rejected) >= 3


async def test_a_sign_in_page_for_a_sitemap_is_blocked() -> None:
    async with press(1) as site:
        await check_sign_in_page(site, path=MAP)


async def test_articles_behind_a_door_are_blocked() -> None:
    async with press(1, 2, 3, per_pull=3) as site:
        for number in (1, 2, 3):
            site.web.on(f"/a/{number}.html", Answer(headers=HTML, body=LOGIN))
        report = await site.pull()
    assert report.outcome is Outcome.BLOCKED
    assert "sign in" in (report.reason or "")


async def test_robots_txt_is_obeyed_for_articles() -> None:
    async with press(1, 2, 3, per_pull=3) as site:
        site.web.on("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /a/"))
        report = await site.pull()
    assert report.outcome is Outcome.BLOCKED
    assert not [path for path in site.web.paths() if path.startswith("/a/")]


async def test_one_lost_page_is_named_and_the_rest_come() -> None:
    async with press(1, 2, 3, per_pull=3) as site:
        site.web.on("/a/2.html", Answer(status=404))
        report = await site.pull()
        assert (report.outcome, report.posts) == (Outcome.OK, 2)
        assert report.rejected == ((ids(site, 2)[0], "http 404 not found"),)
        assert ((await site.checkpoint()).cursor or {})["queue"] == []


@pytest.mark.parametrize("status", [404, 410, 451])
async def test_where_page_after_page_is_not_there_the_site_is_blocked(status: int) -> None:
    async with press(1, 2, 3, 4, per_pull=4) as site:
        await site.drain()
        site.web.on(MAP, Answer(body=sitemap(1, 2, 3, 4, changed="2026-03-02T03:59:00Z")))
        for number in (1, 2, 3, 4):
            site.web.on(f"/a/{number}.html", Answer(status=status))
        for _ in range(3):
            report = await site.pull()
            assert report.outcome is Outcome.BLOCKED
    assert f"http {status}" in (report.reason or "")
    assert site.gone == []


@pytest.mark.parametrize("status", [404, 410])
async def test_a_page_that_was_there_is_deleted_when_another_one_can_be_read(status: int) -> None:
    async with press(1, 2) as site:
        await site.drain()
        site.web.on("/a/2.html", Answer(status=status))
        site.web.on(MAP, Answer(body=sitemap(1, 2, changed="2026-03-02T03:5{}:00Z")))
        report = await site.pull()
        assert (report.outcome, report.posts) == (Outcome.OK, 1)
        assert site.gone == [PostKey("news:127.0.0.1", ids(site, 2)[0])]


async def test_a_page_that_is_missing_last_waits_for_the_next_that_can_be_read() -> None:
    async with press(1, per_pull=1) as site:
        await site.drain()
        site.web.on("/a/1.html", Answer(status=404))
        site.web.on(MAP, Answer(body=sitemap(1, changed="2026-03-02T03:59:00Z")))
        await site.pull()
        assert site.gone == []
        assert ((await site.checkpoint()).cursor or {})["absent"] == ids(site, 1)
        site.web.on("/a/5.html", article(5))
        site.web.on(MAP, Answer(body=sitemap(1, 5, changed="2026-03-02T03:59:00Z")))
        await site.drain()
        assert [key.native_id for key in site.gone] == ids(site, 1)
        assert ((await site.checkpoint()).cursor or {})["absent"] == []


async def test_a_page_that_is_back_was_not_deleted() -> None:
    async with press(1, per_pull=1) as site:
        await site.drain()
        route = site.web.routes["/a/1.html"]
        site.web.on("/a/1.html", Answer(status=404))
        site.web.on(MAP, Answer(body=sitemap(1, changed="2026-03-02T03:58:00Z")))
        await site.pull()
        site.web.on("/a/1.html", route)
        site.web.on(MAP, Answer(body=sitemap(1, changed="2026-03-02T03:59:00Z")))
        await site.drain()
        assert site.gone == []


async def test_dead_links_at_the_head_of_a_sitemap_do_not_hide_what_follows() -> None:
    async with press(1, 2, 3, 4, per_pull=3) as site:
        for number in (2, 3, 4):
            site.web.on(f"/a/{number}.html", Answer(status=404))
        report = await site.pull()
        assert (report.outcome, list(site.posts)) == (Outcome.OK, ids(site, 1))
        assert (len(report.rejected), site.gone) == (3, [])


async def test_a_page_that_fails_for_now_is_asked_for_again() -> None:
    async with press(1, 2) as site:
        site.web.on("/a/2.html", Answer(status=500))
        report = await site.pull()
        assert (report.posts, len(report.rejected)) == (1, 1)
        site.web.on("/a/2.html", article(2))
        await site.pull()
        assert sorted(site.posts) == ids(site, 1, 2)


async def test_a_site_that_fails_is_a_failure() -> None:
    async with press(1, 2, 3, per_pull=3) as site:
        for number in (1, 2, 3):
            site.web.on(f"/a/{number}.html", Answer(status=500))
        report = await site.pull()
    assert (report.outcome, report.reason) == (Outcome.FAILED, "http 500 internal server error")


async def test_what_is_no_page_and_what_is_too_large_are_named() -> None:
    async with press(1, 2, 3, 4, per_pull=4) as site:
        site.web.on("/a/1.html", Answer(headers={"content-type": "video/mp4"}, body=b"x"))
        bomb = gzip_bomb(20_000_000)
        site.web.on("/a/2.html", bomb)
        site.web.on("/a/3.html", Answer(headers=HTML, body=b"<div>" * 30_000))
        report = await site.pull()
        video, large, tags = ids(site, 1, 2, 3)
    said = dict(report.rejected)
    assert report.posts == 1
    assert "video/mp4" in said[video]
    assert "too large" in said[large]
    assert "tags" in said[tags]


async def test_a_changed_article_is_read_again() -> None:
    async with press(1) as site:
        await site.drain()
        site.web.on(MAP, Answer(body=sitemap(1, changed="2026-03-02T03:59:00Z")))
        report = await site.pull()
        assert report.posts == 1
        assert (await site.pull()).posts == 0


async def test_an_unchanged_sitemap_costs_nothing() -> None:
    async with press(1) as site:
        site.web.on(MAP, with_etag(sitemap(1), '"v1"'))
        await site.drain()
        report = await site.pull()
    assert report.outcome is Outcome.NOT_MODIFIED
    assert len([path for path in site.web.paths() if path.startswith("/a/")]) == 1


async def test_an_index_leads_to_the_sitemaps_that_changed() -> None:
    async with press(1) as site:
        index = (DATA / "news" / "index.xml").read_bytes()
        here = index.replace(b"https://www.press.example", site.web.url("").encode())
        site.web.on(MAP, Answer(body=here))
        site.web.on("/map/2026-03.xml.gz", Answer(body=gzip.compress(sitemap(1))))
        report = await site.pull()
    assert (report.outcome, report.posts) == (Outcome.OK, 1)
    assert "/map/2020-01.xml.gz" not in site.web.paths()


@pytest.mark.parametrize(
    ("below", "outcome"),
    [(Answer(status=403), Outcome.BLOCKED), (Answer(body=b"<rss/>"), Outcome.SCHEMA_DRIFT)],
)
async def test_a_sitemap_of_an_index_that_cannot_be_read_is_told(
    below: Answer, outcome: Outcome
) -> None:
    async with press() as site:
        site.web.on(
            MAP, Answer(body=b"<sitemapindex><sitemap><loc>/b</loc></sitemap></sitemapindex>")
        )
        site.web.on("/b", below)
        assert (await site.pull()).outcome is outcome


async def test_pages_of_other_sites_and_other_paths_are_left_out() -> None:
    body = sitemap(1).replace(
        b"</urlset>",
        b"<url><loc>https://evil.example/a/9.html</loc></url><url><loc>/b/2</loc></url></urlset>",
    )
    async with press(1, paths=["/a/"]) as site:
        site.web.on(MAP, Answer(body=body))
        await site.drain()
        assert list(site.posts) == ids(site, 1)


async def test_a_slow_site_ends_the_pull_early_and_goes_on_later() -> None:
    async with press(1, 2, 3, per_pull=3) as site:

        def slow(plain: Handler) -> Handler:
            def handler(asked: Any) -> Any:
                site.at += timedelta(seconds=31)
                return plain(asked)

            return handler

        for number in (1, 2, 3):
            path = f"/a/{number}.html"
            site.web.on(path, slow(site.web.routes[path]))
        reports = await site.drain()
    assert [report.posts for report in reports[:3]] == [1, 1, 1]
