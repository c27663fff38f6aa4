from __future__ import annotations

import gzip
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.errors import UnreadableAnswer
from crawlers.sitemap import MAX_UNPACKED, Sitemap, SitemapEntry, parse_sitemap

DATA = Path(__file__).parent / "sources" / "data" / "news"
URL = "https://www.press.example/sitemap.xml"


def parse(body: bytes | str) -> Sitemap:
    return parse_sitemap(body.encode() if isinstance(body, str) else body, url=URL)


def test_pages_are_read_with_what_is_said_of_them() -> None:
    assert parse((DATA / "sitemap.xml").read_bytes()).pages == (
        SitemapEntry(url="https://www.press.example/a/1.html", changed="2026-03-02T11:00:00+08:00"),
        SitemapEntry(
            url="https://www.press.example/a/2.html",
            published="2026-03-02T03:10:00Z",
            title="水壶",
            lang="zh-cn",
        ),
    )


def test_an_index_lists_sitemaps() -> None:
    found = parse((DATA / "index.xml").read_bytes())
    assert [entry.changed for entry in found.sitemaps] == ["2026-03-02", "2020-01-31"]
    assert found.pages == ()


def test_a_packed_sitemap_is_unpacked() -> None:
    assert len(parse(gzip.compress((DATA / "sitemap.xml").read_bytes())).pages) == 2


def test_a_broken_tail_costs_what_stands_behind_it() -> None:
    text = (DATA / "sitemap.xml").read_text(encoding="utf-8")
    assert len(parse(text[: text.index("javascript")]).pages) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (gzip.compress(bytes(MAX_UNPACKED + 10), mtime=0), "unpacks to more"),
        (gzip.compress(b"<urlset>", mtime=0)[:-4], "ends too early"),
        (b"\x1f\x8bnonsense", "gzip"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><urlset/>', "entities"),
        (b"<rss><channel/></rss>", "root: rss"),
        (b"<html><title>Not found</title></html>", "an HTML page instead of a sitemap: Not found"),
        (b"", "no sitemap"),
        (b"<urlset><url><loc>ftp://x</loc></url></urlset>", "loc"),
    ],
)
def test_what_is_no_sitemap_is_named(body: bytes, said: str) -> None:
    with pytest.raises(UnreadableAnswer, match=said):
        parse(body)


def test_a_sign_in_page_is_marked() -> None:
    with pytest.raises(UnreadableAnswer) as caught:
        parse("<html><title>登录</title></html>")
    assert caught.value.login


def test_addresses_that_are_none_are_left_out() -> None:
    odd = "".join(
        f"<url><loc>{loc}</loc></url>" for loc in ("http://[bad", "/a b", "/" + "x" * 5_000)
    )
    assert [
        entry.url for entry in parse(f"<urlset>{odd}<url><loc>/c</loc></url></urlset>").pages
    ] == ["https://www.press.example/c"]


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_are_a_sitemap_or_named(body: bytes) -> None:
    with suppress(UnreadableAnswer):
        assert isinstance(parse(b"<urlset>" + body), Sitemap)


def test_a_stream_that_is_not_gzip_behind_its_mark_is_named() -> None:
    with pytest.raises(UnreadableAnswer):
        parse(b"\x1f\x8b" + zlib.compress(b"<urlset/>"))
