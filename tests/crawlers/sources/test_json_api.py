from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from crawlers import BadSettings, build_source
from crawlers.errors import UnreadableAnswer
from crawlers.post import Channel
from crawlers.source import Outcome
from crawlers.sources.json_api import JsonApiSettings, JsonPage, parse
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
    source_site,
)
from tests.support.mock_site import Answer

PATH = "/v1/talk"
DECLARED: dict[str, Any] = {
    "basis": "official_api",
    "obey_robots": False,
    "path": PATH,
    "query": {"tag": "雾线"},
    "rows": "result.list",
    "message": "error",
    "markup": ["text"],
    "fields": {
        "native_id": "id",
        "text": "html",
        "published_at": "at",
        "url": {"path": "slug", "template": "https://talk.example/t/{}"},
        "engagement.views": "seen",
    },
    "paging": {"by": "cursor", "parameter": "after", "path": "result.next"},
}
SETTINGS = JsonApiSettings.model_validate({"base_url": "https://www.talk.example", **DECLARED})
IDS = (["13", "14"], ["11", "12"])


def row(number: int, **more: Any) -> dict[str, Any]:
    at = 1_772_420_000 + number
    return {
        "id": number,
        "html": f"<p>漏水 {number}</p>",
        "at": at,
        "slug": f"雾 {number}",
        "seen": "1.2万",
        **more,
    }


def listing(*rows: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    return {"result": {"list": list(rows), "next": following}}


PAGES = {None: listing(row(14), row(13), following="k2"), "k2": listing(row(12), row(11))}


def page(data: Any, **settings: Any) -> JsonPage:
    declaration = SETTINGS.model_copy(update=settings)
    url = "https://www.talk.example/v1/talk"
    return parse(orjson.dumps(data), declaration=declaration, now=START, url=url)


@asynccontextmanager
async def talk(**settings: Any) -> AsyncIterator[SourceSite]:
    async with source_site("json_api", {**DECLARED, **settings}) as site:
        site.web.on(PATH, by_query("after", PAGES))
        yield site


def refused(**settings: Any) -> str:
    """What is said of settings that are refused."""
    given = {"base_url": "https://talk.example", **DECLARED, **settings}
    with pytest.raises(BadSettings) as caught:
        build_source("json_api", "one", given, now=lambda: START)
    return str(caught.value)


def test_a_row_becomes_a_post_as_declared() -> None:
    post = page(PAGES[None], channel=Channel.IN_APP, lang="zh").list.posts[0]
    assert (post.source, post.native_id, post.text) == ("talk.example", "14", "漏水 14")
    assert post.url == "https://talk.example/t/%E9%9B%BE%2014"
    assert post.published_at == datetime.fromtimestamp(1_772_420_014, UTC)
    assert (post.engagement.views, post.channel, post.lang) == (12_000, Channel.IN_APP, "zh")


def test_a_field_that_every_row_lost_is_named_unless_it_is_optional() -> None:
    rows = listing(*({k: v for k, v in row(n).items() if k != "seen"} for n in (2, 1)))
    assert page(rows).list.notes == (("every row", "engagement.views is missing"),)
    assert page(rows, optional=("engagement.views",)).list.notes == ()


def test_one_bad_row_is_named_and_the_rest_come() -> None:
    read = page(listing(row(2), row(1, at="soon"))).list
    assert [post.native_id for post in read.posts] == ["2"]
    assert read.rejected == (("row 2", "published_at: 'soon' is no date of the form auto"),)


def test_no_list_is_drift_that_says_what_the_site_says() -> None:
    with pytest.raises(UnreadableAnswer, match=r"result\.list: NoneType, no list; .* says closed"):
        page({"error": "closed"})


def test_a_note_is_told_with_the_posts() -> None:
    read = page(PAGES[None] | {"partial": True}, note="partial && 'some are missing'").list
    assert (len(read.posts), read.notes) == (2, (("answer", "some are missing"),))


def test_a_next_page_elsewhere_is_told_and_not_followed() -> None:
    paging = {"by": "next_url", "path": "result.next"}
    settings = JsonApiSettings.model_validate(
        {"base_url": "https://www.talk.example", **DECLARED, "paging": paging}
    )
    data = listing(row(1), following="https://evil.example/")
    read = parse(orjson.dumps(data), declaration=settings, now=START, url=settings.base_url).list
    assert read.next is None
    assert read.notes[0][0] == "paging"


async def test_two_pages_are_read_by_cursor() -> None:
    async with talk() as site:
        await check_two_pages(site, ids=IDS)
    assert query_of(site.web.asked[-1]) == {"tag": "雾线", "after": "k2"}


@pytest.mark.parametrize(
    ("paging", "second"),
    [
        ({"by": "page", "parameter": "p", "size": 2}, "/v1/talk?p=2"),
        ({"by": "offset", "parameter": "skip", "start": 0}, "/v1/talk?skip=2"),
        ({"by": "link"}, "/v1/more?k=2"),
        ({"by": "next_url", "path": "result.more"}, "/v1/more?k=2"),
    ],
)
async def test_two_pages_are_read_in_other_ways(paging: dict[str, Any], second: str) -> None:
    async with talk(paging=paging, query={}) as site:
        first = listing(row(14), row(13)) | {}
        first["result"]["more"] = "/v1/more?k=2"
        link = f'<{site.web.url("/v1/more?k=2")}>; rel="next"'
        pages = [answer(first, link=link), answer(listing(row(12)))]
        for path in (PATH, "/v1/more"):
            site.web.on(path, lambda _: pages.pop(0) if len(pages) > 1 else pages[0])
        reports = [await site.pull(), await site.pull()]
    assert [report.posts for report in reports] == [2, 1]
    assert site.web.paths()[1] == second


async def test_a_crash_between_page_and_checkpoint_loses_nothing() -> None:
    async with talk() as site:
        await check_crash(site, ids=[*IDS[0], *IDS[1]])


async def test_a_429_is_obeyed() -> None:
    async with talk() as site:
        await check_rate_limited(site)


async def test_drift_is_noticed() -> None:
    async with talk() as site:
        site.web.on(PATH, answer(listing({"id": 1, "body": "x", "at": 1_772_420_000})))
        await check_drift(site, field="text is missing")


async def test_a_sign_in_page_is_blocked() -> None:
    async with talk() as site:
        await check_sign_in_page(site, path=PATH)


async def test_the_declared_pace_is_kept() -> None:
    async with talk(requests=1, period_s=50) as site:
        await site.drain()
    assert max(site.slept) >= 40


async def test_an_empty_list_is_suspect_unless_it_may_be_empty() -> None:
    async with talk() as site:
        site.web.on(PATH, answer(listing()))
        assert (await site.pull()).outcome is Outcome.BLOCKED
    async with talk(may_be_empty=True) as site:
        site.web.on(PATH, answer(listing()))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY


async def test_a_refusal_within_a_good_answer_is_blocked() -> None:
    async with talk(refused="error") as site:
        site.web.on(PATH, answer({"error": "sign in first"}))
        report = await site.pull()
    assert (report.outcome, report.reason) == (
        Outcome.BLOCKED,
        "the site refuses: sign in first",
    )


async def test_the_secret_goes_out_in_its_header_alone() -> None:
    async with talk(auth={"header": "X-Api-Key", "form": "{token}"}, token="s3cret") as site:
        await site.pull()
    assert site.web.asked[-1].headers["x-api-key"] == "s3cret"
    assert "s3cret" not in site.web.asked[-1].path


@pytest.mark.parametrize(
    ("settings", "advice"), [({}, "declare its `auth`"), ({"auth": {}}, "give the secret `token`")]
)
async def test_an_api_that_asks_who_we_are_says_what_to_do(
    settings: dict[str, Any], advice: str
) -> None:
    async with talk(**settings) as site:
        site.web.on(PATH, Answer(status=401))
        report = await site.pull()
    assert report.outcome is Outcome.BLOCKED
    assert advice in (report.reason or "")


async def test_a_foreign_cursor_is_a_new_beginning() -> None:
    async with talk(paging={"by": "link"}) as site:
        await site.plant({"at": "https://evil.example/", "pages": 1, "seen": {}, "met": {}})
        assert (await site.pull()).outcome is Outcome.OK


async def test_a_board_is_read_as_a_whole() -> None:
    settings = {"order": "any", "paging": None, "time": "observed", "daily": True}
    async with talk(**settings) as site:
        site.web.on(PATH, answer(listing(row(2), row(1))))
        await site.pull()
        site.web.on(PATH, answer(listing(row(3), row(2))))
        await site.pull()
    assert site.batches == [["2026-03-02:2", "2026-03-02:1"], ["2026-03-02:3"]]


def test_an_unofficial_place_needs_a_reason_and_robots() -> None:
    said = refused(basis="unofficial", obey_robots=True)
    assert "say why you may read it" in said
    assert "robots.txt" in refused(basis="unofficial", enabled_because="agreed with them")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"fields": {"text": "a"}}, "native_id, published_at must be mapped"),
        ({"fields": {**DECLARED["fields"], "body": "a"}}, "is no field"),
        ({"rows": "a["}, "no JMESPath expression"),
        ({"order": "any"}, "read as one page"),
        ({"auth": {"required": True}}, "answers nobody without one"),
        ({"auth": {"form": "Bearer"}}, "auth.form"),
        ({"headers": {"a b": "c"}}, "headers"),
        ({"headers": {"a": "b\nc"}}, "headers"),
        ({"path": "no-slash"}, "path"),
        ({"time": "soon"}, "must be auto"),
        ({"timezone": "Mars/Base"}, "no time zone"),
    ],
)
def test_a_declaration_that_cannot_be_meant_is_refused(settings: dict[str, Any], said: str) -> None:
    assert said in refused(**settings)
