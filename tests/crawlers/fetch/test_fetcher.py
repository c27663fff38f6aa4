from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers.fetch.address import parse_networks
from crawlers.fetch.fetcher import HttpFetcher
from crawlers.fetch.guard import GuardPolicy
from crawlers.fetch.policy import FetchPolicy
from crawlers.fetch.politeness import PolitenessPolicy
from crawlers.rate import RateLimit
from crawlers.source import Blocked, Failed, NotModified, Response
from tests.support.mock_site import (
    Answer,
    Asked,
    MockSite,
    gzip_bomb,
    mock_site,
    redirect,
    with_etag,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


class Visit:
    """A fetcher against a mock site, with time that only its own sleeps move."""

    def __init__(self, site: MockSite, **policy: Any) -> None:
        self.site = site
        self.at = START
        self.slept: list[float] = []
        self.seen: list[tuple[str, str]] = []
        allowed = parse_networks(["127.0.0.0/8"])
        settings = {
            "contact": "mailto:ops@brand.example",
            "guard": GuardPolicy(allow_networks=allowed),
            "politeness": PolitenessPolicy(jitter=0.0),
            **policy,
        }
        self.fetcher = HttpFetcher(
            FetchPolicy(**settings),
            now=lambda: self.at,
            sleep=self._sleep,
            random=lambda: 0.5,
            observe=lambda name, value, labels: self.seen.append((name, labels["outcome"])),
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)

    async def get(self, path: str = "/feed", **options: Any) -> Any:
        return await self.fetcher.get(self.site.url(path), **options)


@asynccontextmanager
async def visiting(**policy: Any) -> AsyncIterator[Visit]:
    async with mock_site() as site:
        visit = Visit(site, **policy)
        async with visit.fetcher:
            yield visit


async def test_a_page_comes_whole_with_its_validators_and_horizon() -> None:
    async with visiting() as visit:
        headers = {"etag": '"a"', "cache-control": "max-age=60", "content-type": "text/xml"}
        visit.site.on("/feed", Answer(headers=headers, body=b"<rss/>"))
        answer = await visit.get()
    assert isinstance(answer, Response)
    assert (answer.body, answer.validators) == (b"<rss/>", {"etag": '"a"'})
    assert (answer.hint, answer.headers["content-type"]) == (timedelta(seconds=60), "text/xml")


async def test_we_say_who_we_are_and_whom_to_write_to() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", Answer())
        await visit.get()
    agents = {asked.headers["user-agent"] for asked in visit.site.asked}
    assert agents == {"Fengsui/0.1 (+mailto:ops@brand.example)"}


def test_a_contact_that_cannot_be_a_header_is_refused() -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        FetchPolicy(contact="运维")


async def test_giving_the_etag_back_brings_not_modified() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", with_etag(b"x", '"a"'))
        answer = await visit.get(validators={"etag": '"a"'})
    assert answer == NotModified(cursor={"etag": '"a"'})


async def test_robots_come_first_and_are_obeyed() -> None:
    async with visiting() as visit:
        visit.site.on("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /feed"))
        visit.site.on("/feed", Answer())
        answer = await visit.get()
    assert isinstance(answer, Blocked)
    assert visit.site.paths() == ["/robots.txt"]


async def test_robots_may_be_left_out_for_a_site_of_ours() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", Answer())
        assert isinstance(await visit.get(obey_robots=False), Response)
    assert visit.site.paths() == ["/feed"]


async def test_robots_that_move_and_are_large_are_still_read() -> None:
    async with visiting() as visit:
        rules = b"User-agent: *\nDisallow: /feed\n" + b"#" * 600_000
        visit.site.on("/robots.txt", redirect("/rules.txt", status=301))
        visit.site.on("/rules.txt", Answer(body=rules))
        assert isinstance(await visit.get(), Blocked)


@pytest.mark.parametrize("answer", [redirect("/robots.txt"), Answer(body=b"x" * 9, cut=3)])
async def test_robots_that_cannot_be_read_block_for_a_while(answer: Answer) -> None:
    async with visiting() as visit:
        visit.site.on("/robots.txt", answer)
        result = await visit.get()
    assert isinstance(result, Blocked)
    assert result.retry_after == timedelta(minutes=10)


async def test_crawl_delay_and_our_own_interval_space_the_requests() -> None:
    async with visiting() as visit:
        visit.site.on("/robots.txt", Answer(body=b"User-agent: *\nCrawl-delay: 7"))
        visit.site.on("/feed", Answer())
        await visit.get()
        await visit.get()
    assert visit.slept == [7.0]


async def test_a_crawl_delay_beyond_patience_fails_with_the_wait() -> None:
    async with visiting() as visit:
        visit.site.on("/robots.txt", Answer(body=b"User-agent: *\nCrawl-delay: 3600"))
        visit.site.on("/feed", Answer())
        await visit.get()
        answer = await visit.get()
    assert isinstance(answer, Failed)
    assert answer.retry_after == timedelta(hours=1)


async def test_429_is_blocked_and_not_asked_again() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", Answer(status=429, headers={"retry-after": "90"}))
        answer = await visit.get()
    assert isinstance(answer, Blocked)
    assert answer.retry_after == timedelta(seconds=90)
    assert visit.site.paths().count("/feed") == 1


async def test_a_server_error_is_tried_again_and_may_pass() -> None:
    answers = iter([Answer(status=503), Answer(status=500), Answer(body=b"ok")])
    async with visiting() as visit:
        visit.site.on("/feed", lambda _: next(answers))
        assert isinstance(await visit.get(), Response)


async def test_a_server_error_that_stays_is_a_failure_after_three_attempts() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", Answer(status=500))
        answer = await visit.get()
    assert answer == Failed(reason="http 500 internal server error")
    assert visit.site.paths().count("/feed") == 3


async def test_redirects_are_followed_to_their_end() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", redirect("/a#part"))
        visit.site.on("/a", redirect("b/c"))
        visit.site.on("/b/c", Answer(body=b"end"))
        answer = await visit.get()
    assert isinstance(answer, Response)
    assert answer.body == b"end"
    assert answer.url.endswith("/b/c")


async def test_a_loop_of_redirects_is_named() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", redirect("/a"))
        visit.site.on("/a", redirect("/feed"))
        answer = await visit.get()
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("redirects: loop ")
    assert answer.reason.count(" → ") == 2


async def test_too_many_redirects_are_a_failure() -> None:
    def onward(asked: Asked) -> Answer:
        return redirect(asked.path.partition("?")[0] + "?" + "x" * len(visit.site.asked))

    async with visiting() as visit:
        visit.site.on("/feed", onward)
        answer = await visit.get()
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("redirects: more than 5")


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("http://169.254.169.254/latest/meta-data", Blocked),
        ("file:///etc/passwd", Blocked),
        ("http://10.0.0.1/", Blocked),
        ("http://[::1", Failed),
        ("http://user:pass@[::ffff:10.0.0.1]/", Blocked),
    ],
)
async def test_every_hop_passes_the_guard(target: str, kind: type[Blocked] | type[Failed]) -> None:
    async with visiting() as visit:
        visit.site.on("/feed", redirect(target))
        answer = await visit.get(obey_robots=False)
    assert isinstance(answer, Blocked | Failed)
    assert isinstance(answer, kind)
    assert "pass" not in answer.reason.replace("passwd", "")


async def test_a_hop_is_judged_by_the_robots_of_its_own_host() -> None:
    async with visiting() as visit, mock_site() as other:
        other.on("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /"))
        other.on("/there", Answer())
        visit.site.on("/feed", redirect(other.url("/there")))
        assert isinstance(await visit.get(), Blocked)
        assert other.paths() == ["/robots.txt"]


async def test_a_password_does_not_travel_to_another_site() -> None:
    async with visiting() as visit, mock_site() as other:
        other.on("/there", Answer())
        visit.site.on("/feed", redirect("/again"))
        visit.site.on("/again", redirect(other.url("/there")))
        await visit.get(headers={"Authorization": "Bearer t", "Accept-Language": "zh"})
        sent = [(a.path, "authorization" in a.headers) for a in visit.site.asked + other.asked]
        kept = [a.headers.get("accept-language") for a in other.asked if a.path == "/there"]
    assert ("/again", True) in sent
    assert ("/there", False) in sent
    assert kept == ["zh"]


async def test_a_guard_that_refuses_the_host_blocks() -> None:
    async with visiting(guard=GuardPolicy()) as visit:
        answer = await visit.get()
    assert isinstance(answer, Blocked)
    assert answer.reason.startswith("guard: 127.0.0.1: 127.0.0.1 is loopback")


@pytest.mark.parametrize("url", ["ftp://a.example/", "nonsense", "http://a b.example/", ""])
async def test_a_url_that_cannot_be_fetched_is_an_outcome(url: str) -> None:
    async with visiting() as visit:
        answer = await visit.fetcher.get(url)
    assert isinstance(answer, Blocked | Failed)


async def test_a_slow_answer_fails_on_time() -> None:
    async with visiting(request_seconds=0.05) as visit:
        visit.site.on("/feed", Answer(delay=5))
        answer = await visit.get(obey_robots=False)
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("time: ")


async def test_a_body_that_drips_fails_on_the_time_of_the_whole() -> None:
    async with visiting(request_seconds=0.1) as visit:
        visit.site.on("/feed", Answer(body=b"x" * 16_000, drip=0.01))
        answer = await visit.get(obey_robots=False)
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("time: ")


async def test_a_huge_body_is_refused_and_not_asked_for_again() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", Answer(body=b"x" * 200_000))
        answer = await visit.get(max_bytes=100_000)
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("body: too large")
    assert visit.site.paths().count("/feed") == 1


async def test_a_gzip_bomb_is_refused() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", gzip_bomb(50_000_000))
        answer = await visit.get(max_bytes=1_000_000)
    assert isinstance(answer, Failed)
    assert "unpacks to more than 1000000" in answer.reason


async def test_a_connection_that_breaks_off_is_a_failure_of_the_network() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", Answer(body=b"x" * 100, cut=10))
        answer = await visit.get()
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("network: ")


async def test_nobody_listening_is_a_failure_of_the_network() -> None:
    async with visiting() as visit:
        answer = await visit.fetcher.get("http://127.0.0.1:1/", obey_robots=False)
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("network: ")


async def test_no_more_than_two_at_once_visit_a_host() -> None:
    async with visiting(politeness=PolitenessPolicy(interval=0.0, concurrency=2)) as visit:
        visit.site.on("/feed", Answer(delay=0.02))
        await asyncio.gather(*(visit.get(obey_robots=False) for _ in range(5)))
    assert visit.site.most_active == 2


async def test_every_fetch_is_observed_with_its_end() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", Answer(status=403))
        await visit.get()
    assert visit.seen == [("fetch.seconds", "blocked"), ("fetch.bytes", "blocked")]


async def test_a_form_is_posted_as_one() -> None:
    async with visiting() as visit:
        visit.site.on("/token", Answer(body=b"{}"))
        answer = await visit.fetcher.post_form(
            visit.site.url("/token"),
            form={"grant_type": "client_credentials", "scope": "读"},
            headers={"Authorization": "Basic eA=="},
        )
    assert isinstance(answer, Response)
    (asked,) = visit.site.asked
    assert (asked.method, asked.body) == (
        "POST",
        b"grant_type=client_credentials&scope=%E8%AF%BB",
    )
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["authorization"] == "Basic eA=="


async def test_a_form_is_not_sent_on_to_another_place() -> None:
    async with visiting() as visit:
        visit.site.on("/token", redirect("/elsewhere", status=307))
        answer = await visit.fetcher.post_form(visit.site.url("/token"), form={"password": "p"})
    assert answer == Failed(reason="redirects: a form is not sent on to another place")
    assert visit.site.paths() == ["/token"]


async def test_a_form_passes_the_guard_and_the_limit_of_bytes() -> None:
    async with visiting() as visit:
        visit.site.on("/token", Answer(body=b"x" * 100))
        url = visit.site.url("/token")
        large = await visit.fetcher.post_form(url, form={}, max_bytes=10)
        private = await visit.fetcher.post_form("http://10.0.0.1/token", form={})
    assert isinstance(large, Failed)
    assert large.reason.startswith("body: too large")
    assert isinstance(private, Blocked)


async def test_the_rate_of_a_kind_spaces_its_requests() -> None:
    rate = RateLimit(requests=2, period=timedelta(seconds=30))
    async with visiting() as visit:
        visit.site.on("/feed", Answer())
        for _ in range(3):
            await visit.get(rate=rate)
    assert visit.slept == [1.0, 29.0]


async def test_a_host_that_answers_429_is_asked_nothing_by_anybody() -> None:
    async with visiting() as visit:
        visit.site.on("/feed", Answer(status=429, headers={"retry-after": "300"}))
        visit.site.on("/other", Answer())
        await visit.get()
        answer = await visit.get("/other")
    assert isinstance(answer, Failed)
    assert answer.retry_after == timedelta(seconds=300)
    assert "/other" not in visit.site.paths()


async def test_a_spent_quota_is_waited_for_before_the_next_request() -> None:
    spent = Answer(headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "20"})
    async with visiting() as visit:
        visit.site.on("/feed", spent)
        await visit.get()
        await visit.get()
    assert visit.slept == [20.0]
