from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx
import pytest

from crawlers.errors import GuardRefused
from crawlers.fetch.address import parse_networks
from crawlers.fetch.guard import GuardPolicy, check_url, guarded_client
from tests.support.mock_site import Answer, MockSite, mock_site

LOOPBACK = GuardPolicy(allow_networks=parse_networks(["127.0.0.0/8"]))


class Names:
    """A name server whose answers a test sets, one list for each question."""

    def __init__(self, *answers: Sequence[str] | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def get(site: MockSite, names: Names, policy: GuardPolicy = LOOPBACK) -> httpx.Response:
    async with guarded_client(policy, resolve=names, timeout=2.0) as client:
        return await client.get(site.url("/", host="news.example"))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://a.example/", "scheme 'ftp'"),
        ("file:///etc/passwd", "scheme 'file'"),
        ("//a.example", "scheme"),
        ("https:///path", "no host"),
        ("http://a.example:99999/", "no URL"),
        ("http://[::1/", "no URL"),
        ("http://a.example:22/", "port 22"),
    ],
)
def test_a_url_is_refused_before_anything_is_sent(url: str, why: str) -> None:
    with pytest.raises(GuardRefused, match=why.replace("'", ".")):
        check_url(url, policy=GuardPolicy(ports=frozenset({80, 443})))


@pytest.mark.parametrize("url", ["http://a.example/", "HTTPS://a.example:443/x"])
def test_a_usual_url_passes(url: str) -> None:
    check_url(url, policy=GuardPolicy(ports=frozenset({80, 443})))


def test_a_password_in_the_url_is_not_repeated_in_the_message() -> None:
    with pytest.raises(GuardRefused) as caught:
        check_url("ftp://user:hunter2@a.example/", policy=GuardPolicy())
    assert "hunter2" not in str(caught.value)


async def test_loopback_is_refused_unless_it_is_allowed() -> None:
    async with mock_site() as site:
        site.on("/", Answer(body=b"secret"))
        with pytest.raises(GuardRefused, match=r"127\.0\.0\.1 is loopback"):
            await get(site, Names(["127.0.0.1"]), GuardPolicy())
        assert site.asked == []
        assert (await get(site, Names(["127.0.0.1"]))).content == b"secret"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "localhost"])
async def test_no_way_of_writing_loopback_passes(host: str) -> None:
    async with mock_site() as site, guarded_client(GuardPolicy(), timeout=2.0) as client:
        with pytest.raises((GuardRefused, httpx.ConnectError, httpx.InvalidURL)):
            await client.get(site.url("/", host=host))
        assert site.asked == []


async def test_the_name_is_asked_once_and_the_judged_address_is_used() -> None:
    async with mock_site() as site:
        site.on("/", Answer(body=b"ok"))
        names = Names(["127.0.0.1"], ["10.0.0.1"])
        assert (await get(site, names)).content == b"ok"
        assert names.asked == ["news.example"]
        assert site.asked[0].headers["host"] == f"news.example:{site.port}"


async def test_a_bad_address_among_good_ones_is_left_out() -> None:
    async with mock_site() as site:
        site.on("/", Answer(body=b"ok"))
        assert (await get(site, Names(["10.0.0.1", "127.0.0.1"]))).content == b"ok"


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async with mock_site() as site:
        site.on("/", Answer(body=b"ok"))
        async with guarded_client(LOOPBACK, resolve=Names(["127.0.0.2", "127.0.0.1"])) as client:
            answer = await client.get(site.url("/", host="news.example"))
        assert answer.content == b"ok"


@pytest.mark.parametrize("answer", [OSError("no such name"), []])
async def test_a_name_without_address_is_a_connect_error(
    answer: Sequence[str] | Exception,
) -> None:
    async with mock_site() as site:
        with pytest.raises(httpx.ConnectError, match=r"news\.example"):
            await get(site, Names(answer))


async def test_a_name_server_that_hangs_is_a_timeout() -> None:
    async def hang(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(30)
        return []

    async with guarded_client(LOOPBACK, resolve=hang, timeout=0.02) as client:
        with pytest.raises(httpx.ConnectTimeout, match="resolving"):
            await client.get("http://news.example/")


async def test_errors_of_the_network_are_those_of_httpx() -> None:
    async with mock_site() as site:
        site.on("/", Answer(body=b"x" * 100, cut=10))
        with pytest.raises(httpx.RemoteProtocolError):
            await get(site, Names(["127.0.0.1"]))


async def test_redirects_are_left_to_the_caller() -> None:
    async with mock_site() as site:
        site.on("/", Answer(status=302, headers={"location": "http://10.0.0.1/"}))
        assert (await get(site, Names(["127.0.0.1"]))).status_code == 302


async def test_a_request_body_goes_through() -> None:
    async with mock_site() as site:
        site.on("/hook", Answer(status=202))
        async with guarded_client(LOOPBACK) as client:
            answer = await client.post(site.url("/hook"), headers={"x-id": "1"})
        assert answer.status_code == 202
        assert (site.asked[0].method, site.asked[0].headers["x-id"]) == ("POST", "1")
