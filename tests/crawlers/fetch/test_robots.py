from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.fetch import robots as robots_module
from crawlers.fetch.robots import Robots, RobotsPolicy
from crawlers.source import Failed, Response

START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "https://a.example/news/1"


class Site:
    """A site whose robots.txt a test writes; counts how often it is asked."""

    def __init__(self, body: str = "", *, status: int = 200, failed: str | None = None) -> None:
        self.at = START
        self.asked: list[str] = []
        self.body = body
        self.status = status
        self.failed = failed
        self.robots = Robots(
            self._fetch, agent="Fengsui", now=lambda: self.at, policy=RobotsPolicy()
        )

    async def _fetch(self, url: str) -> Response | Failed:
        self.asked.append(url)
        await asyncio.sleep(0)
        if self.failed is not None:
            return Failed(reason=self.failed)
        return Response(status=self.status, url=url, headers={}, body=self.body.encode())


async def test_what_is_forbidden_to_us_is_refused_with_its_path() -> None:
    site = Site("User-agent: *\nDisallow: /news")
    verdict = await site.robots.judge(PAGE)
    assert (verdict.allowed, verdict.retry_after) == (False, None)
    assert verdict.reason == "robots.txt of https://a.example forbids /news/1"


async def test_rules_for_our_name_go_before_those_for_all() -> None:
    site = Site("User-agent: *\nDisallow: /\n\nUser-agent: fengsui\nAllow: /news")
    assert (await site.robots.judge(PAGE)).allowed


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        ("Crawl-delay: 7", 7.0),
        ("Request-rate: 1/30s", 30.0),
        ("Crawl-delay: inf", None),
        ("Crawl-delay: -1", None),
        ("Allow: /", None),
    ],
)
async def test_the_wished_delay_is_handed_on_if_it_is_sane(rules: str, delay: float | None) -> None:
    verdict = await Site(f"User-agent: *\n{rules}").robots.judge(PAGE)
    assert (verdict.allowed, verdict.crawl_delay) == (True, delay)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_site_without_rules_allows_everything(status: int) -> None:
    assert (await Site(status=status).robots.judge(PAGE)).allowed


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_site_that_cannot_answer_is_left_alone_for_a_while(status: int) -> None:
    site = Site(status=status)
    verdict = await site.robots.judge(PAGE)
    assert (verdict.allowed, verdict.retry_after) == (False, timedelta(minutes=10))
    site.status, site.at = 404, START + timedelta(minutes=10)
    assert (await site.robots.judge(PAGE)).allowed


async def test_an_unreachable_site_is_left_alone_with_the_reason() -> None:
    verdict = await Site(failed="network: refused").robots.judge(PAGE)
    assert "cannot be read: network: refused" in verdict.reason


async def test_rules_are_asked_for_once_by_all_who_wait() -> None:
    site = Site("User-agent: *\nAllow: /")
    await asyncio.gather(*(site.robots.judge(PAGE) for _ in range(5)))
    assert site.asked == ["https://a.example/robots.txt"]


async def test_rules_are_asked_for_again_when_they_are_old() -> None:
    site = Site()
    await site.robots.judge(PAGE)
    site.at += timedelta(hours=11)
    await site.robots.judge(PAGE)
    site.at += timedelta(hours=2)
    await site.robots.judge(PAGE)
    assert len(site.asked) == 2


async def test_origins_have_rules_of_their_own_and_passwords_no_part_in_them() -> None:
    site = Site()
    for url in ("https://a.example/1", "http://a.example/1", "https://u:p@A.example:444/1"):
        await site.robots.judge(url)
    assert site.asked[1:] == ["http://a.example/robots.txt", "https://a.example:444/robots.txt"]


async def test_robots_txt_itself_is_always_allowed() -> None:
    site = Site("User-agent: *\nDisallow: /")
    assert (await site.robots.judge("https://a.example/robots.txt")).allowed
    assert site.asked == []


async def test_a_page_instead_of_rules_allows_everything() -> None:
    assert (await Site("<html><body>hello</body></html>").robots.judge(PAGE)).allowed


async def test_rules_in_strange_bytes_do_not_raise() -> None:
    assert (await Site("\x00\ufffd: [*\nDisallow: /%%%\nCrawl-delay: x").robots.judge(PAGE)).allowed


async def test_old_origins_are_forgotten_when_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(robots_module, "_MAX_ORIGINS", 2)
    site = Site()
    for number in range(4):
        await site.robots.judge(f"https://{number}.example/")
    assert len(site.robots._rules) == 2
