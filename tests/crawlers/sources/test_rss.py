from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from crawlers.post import Author, Channel, Post
from crawlers.source import Blocked, Failed, NotModified, Ok, OkEmpty, Response, SchemaDrift
from crawlers.sources.rss import MAX_SEEN, RssSettings, RssSource
from tests.support.fetching import FakeFetcher, page

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
URL = "https://News.example/feed.xml"


def item(number: int, *, title: str = "异响", date: str | None = None, body: str = "") -> str:
    when = date if date is not None else f"2026-03-02T0{9 - number}:00:00+08:00"
    return (
        f"<item><title>{title}</title><link>/a/{number}</link>"
        f"<guid>https://news.example/a/{number}</guid>"
        f"<pubDate>{when}</pubDate>{body}</item>"
    )


def rss(*items: str, head: str = "") -> Response:
    return page(f"<rss version='2.0'><channel>{head}{''.join(items)}</channel></rss>")


async def pull(
    answer: Response | NotModified | Blocked | Failed, cursor: Any = None, **settings: Any
) -> Any:
    source = RssSource("feed-1", RssSettings(url=URL, **settings), now=lambda: NOW)
    return await source.pull(cursor, FakeFetcher([answer]))


async def posts(answer: Response, **settings: Any) -> tuple[Post, ...]:
    result = await pull(answer, **settings)
    assert isinstance(result, Ok)
    return result.posts


async def test_an_entry_becomes_a_post() -> None:
    body = "<description>&lt;p&gt;客服&lt;/p&gt;不理</description><author>a@b.com (何)</author>"
    (post,) = await posts(rss(item(1, body=body), head="<language>zh-cn</language>"))
    assert (post.source, post.native_id) == ("rss:news.example", "https://news.example/a/1")
    assert (post.title, post.text) == ("异响", "客服\n\n不理")
    assert post.published_at == datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    assert post.url == "https://news.example/a/1"
    assert post.author == Author(id="a@b.com", name="何")
    assert (post.channel, post.lang) == (Channel.NEWS, "zh-cn")


async def test_settings_name_platform_channel_and_language() -> None:
    (post,) = await posts(rss(item(1)), source="paper", channel="third_party", lang="en")
    assert (post.source, post.channel, post.lang) == ("paper", Channel.THIRD_PARTY, "en")


async def test_entries_come_oldest_first() -> None:
    ids = [post.native_id[-1] for post in await posts(rss(item(1), item(2), item(3)))]
    assert ids == ["3", "2", "1"]


async def test_what_was_seen_does_not_come_again() -> None:
    first = await pull(rss(item(1), item(2)))
    again = await pull(rss(item(1), item(2)), first.cursor)
    assert isinstance(again, OkEmpty)
    assert again.cursor == first.cursor


async def test_an_edited_entry_comes_again() -> None:
    first = await pull(rss(item(1), item(2)))
    again = await pull(rss(item(1, title="异响,已上门"), item(2)), first.cursor)
    assert [post.title for post in again.posts] == ["异响,已上门"]


async def test_an_id_twice_in_one_feed_is_one_entry() -> None:
    (post,) = await posts(rss(item(1, title="新"), item(1, title="旧")))
    assert post.title == "新"


async def test_a_missing_date_is_the_time_of_the_pull_and_noted() -> None:
    (post,) = await posts(rss(item(1, date="")))
    assert (post.published_at, post.extra) == (NOW, {"published_note": "missing"})


async def test_an_unreadable_date_is_noted_as_written() -> None:
    (post,) = await posts(rss(item(1, date="someday")))
    assert (post.published_at, post.extra) == (NOW, {"published_note": "unreadable: someday"})


async def test_a_date_of_half_characters_is_noted_without_them() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "title": "t", "date_published": "x\ud83d"}],
    }
    (post,) = await posts(page(json.dumps(feed)))
    assert post.extra == {"published_note": "unreadable: x\ufffd"}


async def test_a_future_date_is_clamped_and_noted() -> None:
    (post,) = await posts(rss(item(1, date="2031-01-01T00:00:00Z")))
    assert post.published_at == NOW
    assert post.extra == {"published_note": "in the future: 2031-01-01T00:00:00+00:00"}


async def test_dates_without_a_zone_are_meant_in_that_of_the_settings() -> None:
    answer = rss(item(1, date="2026-03-02 01:00:00"))
    (here,) = await posts(answer)
    (there,) = await posts(answer, timezone="UTC")
    assert there.published_at - here.published_at == timedelta(hours=8)


async def test_an_entry_without_an_id_gets_a_stable_one_from_its_words() -> None:
    entry = "<item><title>没有编号</title></item>"
    (one,) = await posts(rss(entry))
    (_, same) = await posts(rss(entry, item(1)), timezone="UTC")
    assert one.native_id.startswith("digest:")
    assert same.native_id == one.native_id


async def test_a_bare_id_is_one_of_this_feed_only() -> None:
    (post,) = await posts(rss("<item><title>t</title><guid>17</guid></item>"))
    assert post.native_id == "/feed.xml#17"


async def test_an_endless_id_is_cut_and_still_its_own() -> None:
    ids = {
        (await posts(rss(f"<item><title>t</title><guid>u:{'x' * 600}{n}</guid></item>")))[
            0
        ].native_id
        for n in range(2)
    }
    assert len(ids) == 2
    assert {len(native_id) for native_id in ids} == {512}


async def test_an_entry_that_says_nothing_is_rejected_and_the_rest_goes_on() -> None:
    result = await pull(rss("<item><guid>x</guid></item>", item(1)))
    assert [post.title for post in result.posts] == ["异响"]
    assert result.rejected == (("entry 1", "has neither a title nor a text"),)


async def test_a_link_that_is_none_is_left_out() -> None:
    entry = "<item><title>t</title><guid>a:b</guid><link>javascript:alert(1)</link></item>"
    (post,) = await posts(rss(entry))
    assert post.url is None


async def test_validators_go_out_and_come_back() -> None:
    fetcher = FakeFetcher([replace(rss(item(1)), validators={"etag": '"a"'})])
    source = RssSource("feed-1", RssSettings(url=URL, headers={"x-key": "k"}), now=lambda: NOW)
    first = await source.pull(None, fetcher)
    assert isinstance(first, Ok)
    fetcher.answers = [NotModified(cursor={"etag": '"b"'}, hint=timedelta(seconds=9))]
    second = await source.pull(first.cursor, fetcher)
    assert fetcher.asked[1][2] == {"etag": '"a"'}
    assert fetcher.asked[1][1]["x-key"] == "k"
    assert second == NotModified(
        cursor={"validators": {"etag": '"b"'}, "seen": first.cursor["seen"]},
        hint=timedelta(seconds=9),
    )


async def test_a_document_that_ended_too_early_leaves_no_validators() -> None:
    whole = rss(item(1), item(2))
    cut = replace(whole, body=whole.body[:-90], validators={"etag": '"a"'})
    result = await pull(cut)
    assert len(result.posts) == 1
    assert result.rejected[0][0] == "entry 2"
    assert result.cursor["validators"] == {}


async def test_the_longer_of_ttl_and_horizon_is_the_hint() -> None:
    answer = replace(rss(item(1), head="<ttl>15</ttl>"), hint=timedelta(minutes=2))
    assert (await pull(answer)).hint == timedelta(minutes=15)
    assert (await pull(rss(item(1)))).hint is None


async def test_what_is_remembered_is_bounded_and_keeps_the_present_feed() -> None:
    old = {"seen": {f"old{number}": "x" for number in range(MAX_SEEN)}, "validators": None}
    result = await pull(rss(item(1)), old)
    assert len(result.cursor["seen"]) == MAX_SEEN
    assert result.posts[0].id[:16] in result.cursor["seen"]


async def test_a_cursor_of_another_shape_counts_as_none() -> None:
    assert isinstance(await pull(rss(item(1)), {"seen": [1], "validators": {"etag": 1}}), Ok)


@pytest.mark.parametrize("end", [Blocked(reason="http 403"), Failed(reason="network")])
async def test_an_end_without_a_page_is_handed_on(end: Blocked | Failed) -> None:
    assert await pull(end) == end


async def test_a_sign_in_page_is_blocked_and_any_other_page_is_drift() -> None:
    login = "<html><title>登录</title><input type=password></html>"
    assert isinstance(await pull(page(login)), Blocked)
    drift = await pull(page("<html><title>首页</title></html>"))
    assert drift == SchemaDrift(fields=("an HTML page instead of a feed: 首页",))


@pytest.mark.parametrize("body", ["", "{broken", "<!DOCTYPE a [<!ENTITY b 'c'>]><rss/>"])
async def test_bytes_that_cannot_be_read_are_a_failure(body: str) -> None:
    result = await pull(page(body))
    assert isinstance(result, Failed)
    assert result.reason.startswith("feed: ")


async def test_a_large_feed_is_read_off_the_loop_with_the_same_result() -> None:
    body = f"<description>{'长' * 30_000}</description>"
    (post,) = await posts(rss(item(1, body=body)))
    assert post.text == "长" * 30_000


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "ftp://a.example/"),
        ("url", "https:///x"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../etc/passwd"),
        ("channel", "radio"),
        ("max_bytes", 1),
        ("colour", "red"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(key: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        RssSettings.model_validate({"url": URL, key: value})
    assert caught.value.errors()[0]["loc"] == (key,)
