"""Authors named in links and in values of the source's own."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers import Author
from service.ingest.names import nameless_url, names_of

ZHANGSAN = Author(id="109348", name="zhangsan")


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("https://mastodon.example/@zhangsan/1", "https://mastodon.example/au_1/1"),
        ("https://mastodon.example/@ZhangSan", "https://mastodon.example/au_1"),
        ("https://a.example/@zhangsan@b.example/1", "https://a.example/au_1/1"),
        ("https://a.example/%40zhangsan/1", "https://a.example/au_1/1"),
        ("https://weibo.example/109348/Nf2?x=1", "https://weibo.example/au_1/Nf2?x=1"),
        ("https://a.example/p?uid=109348&id=7", "https://a.example/p?uid=au_1&id=7"),
        ("https://a.example/p?u=@zhangsan", "https://a.example/p?u=au_1"),
        ("https://a.example/#/zhangsan/7", "https://a.example/#/au_1/7"),
        ("https://a.example/zhangsanfeng/1?q=1093489", None),
        ("https://a.example/p?", None),
        ("https://a.example/status/1", None),
    ],
)
def test_a_link_does_not_name_the_author(url: str, stored: str | None) -> None:
    assert nameless_url(url, author=ZHANGSAN, pseudonym="au_1") == (stored or url)


def test_a_name_with_a_host_is_found_without_it() -> None:
    author = Author(id="zhangsan@mastodon.example")
    url = "https://mastodon.example/@zhangsan/1"
    assert nameless_url(url, author=author, pseudonym="au_1") == "https://mastodon.example/au_1/1"


def test_a_name_that_is_too_short_to_tell_is_left() -> None:
    url = "https://a.example/p/1?x=p"
    assert nameless_url(url, author=Author(id="p", name="1"), pseudonym="au_1") == url


def test_without_an_author_or_a_link_there_is_nothing_to_do() -> None:
    assert nameless_url(None, author=ZHANGSAN, pseudonym="au_1") is None
    assert nameless_url("https://a.example/1", author=None, pseudonym=None) == "https://a.example/1"


def test_a_link_that_cannot_be_taken_apart_is_dropped_if_it_names_the_author() -> None:
    for url, stored in (("http://[x/zhangsan", None), ("http://[x/1", "http://[x/1")):
        assert nameless_url(url, author=ZHANGSAN, pseudonym="au_1") == stored


def test_nobody_has_no_names() -> None:
    assert not names_of(None).are("")
    assert names_of(Author(id="u", name="@小雨")).are("小雨")


@given(st.text("abz张小@ %/?&=", min_size=3, max_size=12))
def test_a_name_written_as_one_segment_is_never_kept(name: str) -> None:
    author = Author(id=name)
    known = names_of(author).folded
    url = f"https://a.example/users/{quote(name, safe='')}/1"
    stored = nameless_url(url, author=author, pseudonym="PSEUDONYM")
    kept = any(len(folded) < 3 for folded in known) or not known
    assert stored == (url if kept else "https://a.example/users/PSEUDONYM/1")
