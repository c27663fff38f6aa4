from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawlers.errors import UnreadableFeed
from crawlers.feeds import Feed, read_feed
from crawlers.feeds.charset import decode
from tests.support.feed_corpus import FeedCase, build_corpus

ZONE = ZoneInfo("Asia/Shanghai")
FILES = sorted((Path(__file__).parents[2] / "data" / "feeds").iterdir())
CORPUS = build_corpus()
WHOLE = [case for case in CORPUS if case.entries is not None]
DAMAGED = [case for case in CORPUS if case.entries is None]


GOOD = "<item><title>一</title><guid>1</guid></item>"
UNBEARABLE = "<item></gml:pos></item>"


def read(body: bytes, content_type: str = "") -> Feed:
    return read_feed(body, url="https://news.example/feed", zone=ZONE, content_type=content_type)


def test_the_corpus_is_large_and_always_the_same() -> None:
    assert len(WHOLE) >= 300
    assert build_corpus() == CORPUS


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case.name)
def test_a_whole_feed_gives_all_its_entries(case: FeedCase) -> None:
    feed = read(case.body, case.content_type)
    assert len(feed.entries) == case.entries
    assert not feed.rejected
    assert not feed.cut_off
    assert all(entry.title and entry.text for entry in feed.entries)
    assert "\ufffd" not in repr(feed)
    assert all(entry.date_text is None for entry in feed.entries)


@pytest.mark.parametrize("case", DAMAGED, ids=lambda case: case.name)
def test_a_damaged_feed_ends_in_entries_or_a_named_error(case: FeedCase) -> None:
    try:
        feed = read(case.body, case.content_type)
    except UnreadableFeed as error:
        assert all(error.fields)  # noqa: PT017 - either end is right, and each has its own proof
    else:
        assert isinstance(feed, Feed)


@pytest.mark.parametrize(
    "file", [file for file in FILES if ".error." not in file.name], ids=lambda file: file.name
)
def test_a_file_gives_as_many_different_entries_as_its_name_says(file: Path) -> None:
    feed = read(file.read_bytes())
    assert len({(entry.id, entry.title) for entry in feed.entries}) == int(file.name.split(".")[1])
    assert "\ufffd" not in repr(feed)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("opml.error.xml", "root element <opml>"),
        ("login-page.error.html", "an HTML page instead of a feed: 请登录"),
        ("home-page.error.html", "an HTML page instead of a feed: 青岚电器"),
        ("entity-bomb.error.xml", "doctype: defines entities"),
        ("external-entity.error.xml", "doctype: defines entities"),
        ("json-no-feed.error.json", "items"),
        ("empty.error.xml", "an empty body"),
        ("binary.error.xml", "neither XML nor JSON"),
    ],
)
def test_a_file_that_is_no_feed_is_named(file: str, says: str) -> None:
    path = next(path for path in FILES if path.name == file)
    with pytest.raises(UnreadableFeed, match=says):
        read(path.read_bytes())


def test_only_the_login_page_counts_as_one() -> None:
    logins = []
    for path in FILES:
        if path.suffix == ".html":
            with pytest.raises(UnreadableFeed) as caught:
                read(path.read_bytes())
            logins.append((path.name, caught.value.login))
    assert logins == [("home-page.error.html", False), ("login-page.error.html", True)]


def test_more_tags_than_any_feed_has_are_refused() -> None:
    with pytest.raises(UnreadableFeed, match="tags"):
        read(b"<rss>" + b"<a>" * 200_001)


def test_one_entry_that_breaks_the_parser_does_not_cost_the_others() -> None:
    # A link that ends behind its entry makes feedparser look for links that it never stored.
    bad = "<item><link></item></link>"
    feed = read(f"<rss version='2.0'><channel>{GOOD}{bad}{GOOD}</channel></rss>".encode())
    assert [entry.title for entry in feed.entries] == ["一", None, "一"]


def test_an_entry_that_breaks_the_parser_by_itself_is_left_out_by_name() -> None:
    feed = read(f"<rss version='2.0'><channel>{GOOD}{UNBEARABLE}{GOOD}</channel></rss>".encode())
    assert [entry.title for entry in feed.entries] == ["一", "一"]
    assert feed.rejected == (("entry 2", "the parser gave up: KeyError"),)


def test_a_feed_of_which_no_entry_can_be_read_is_named() -> None:
    with pytest.raises(UnreadableFeed, match="gave up on every entry"):
        read(f"<rss version='2.0'><channel>{UNBEARABLE}</channel></rss>".encode())


def test_whatever_a_parser_raises_is_an_unreadable_feed() -> None:
    class BrokenZone(tzinfo):
        def utcoffset(self, when: datetime | None) -> timedelta:
            raise RuntimeError("no zone today")

        def dst(self, when: datetime | None) -> timedelta:
            raise RuntimeError("no zone today")

        def tzname(self, when: datetime | None) -> str:
            raise RuntimeError("no zone today")

    dated = "<rss><item><title>t</title><pubDate>2026-01-01 00:00:00</pubDate></item></rss>"
    with pytest.raises(UnreadableFeed, match="the parser gave up: RuntimeError"):
        read_feed(dated.encode(), url="https://news.example/feed", zone=BrokenZone())


TITLE = "<?xml version='1.0' encoding='{}'?><rss>客服踢皮球,退款被拒绝三次</rss>"


@pytest.mark.parametrize(
    ("real", "declared", "header"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", "gbk", ""),
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("gb18030", "gb2312", ""),
        ("gb18030", "utf-8", ""),
        ("gb18030", "iso-8859-1", ""),
        ("gb18030", "no-such-thing", 'text/xml; charset="gbk"'),
        ("gb18030", "unicode_escape", "text/xml; charset=hex"),
        ("hz", "hz-gb-2312", ""),
        ("utf-16-be", "utf-16", ""),
        ("utf-32-le", "utf-32", ""),
        ("utf-32-be", "utf-32", ""),
        ("utf-32", "utf-32", ""),
    ],
)
def test_text_is_decoded_whatever_is_declared(real: str, declared: str, header: str) -> None:
    text = TITLE.format(declared)
    assert decode(text.encode(real), content_type=header) == text


def test_french_that_says_latin_1_is_not_taken_for_chinese() -> None:
    text = "<?xml version='1.0' encoding='iso-8859-1'?><rss>réclamée à l'été</rss>"
    assert decode(text.encode("latin-1")) == text


def test_a_tail_cut_within_a_character_is_not_held_against_the_encoding() -> None:
    text = TITLE.format("gbk")
    assert decode(text.encode("gb18030")[:-7]) == text[:-7]
    assert decode(TITLE.format("utf-8").encode()[:-7]).endswith("三")


def test_bytes_of_no_encoding_are_decoded_with_the_fewest_holes() -> None:
    assert decode(b"\xff\xff<rss>ok</rss>").endswith("<rss>ok</rss>")
