from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import tostring

from crawlers.errors import UnreadableAnswer
from crawlers.html_tree import MAX_ATTRIBUTES, MAX_PAGE, MAX_TAGS, parse_html, read_html


def written(html: str) -> str:
    """What of a page comes into the tree."""
    return str(tostring(parse_html(html), encoding="unicode"))


def test_tags_attributes_and_text_come_through() -> None:
    tree = parse_html("<p class=a id='b' title=\"x &amp; &quot;y&quot;\">漏水 &lt; 1<br/>好</p>")
    (element,) = tree.iter("p")
    assert dict(element.attrib) == {"class": "a", "id": "b", "title": 'x & "y"'}
    assert [*element.itertext()] == ["漏水 < 1", "好"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var a='<p>secret</p>'</script>",
        "<style>secret</style>",
        "<!-- secret -->",
        "<!doctype secret>",
        "<?php secret ?>",
        "<noscript><p>secret</p></noscript>",
        "<link rel=secret>",
        "<base href=https://secret.example>",
        "<SCRIPT src=secret></SCRIPT >",
    ],
)
def test_what_no_reader_sees_does_not(hidden: str) -> None:
    html = written(f"<p>vor</p>{hidden}<p>nach</p>")
    assert "secret" not in html
    assert "<p>nach</p>" in html


@pytest.mark.parametrize("open_end", ["<script>x", "<!-- x", "<p title='x"])
def test_what_never_ends_ends_with_the_page(open_end: str) -> None:
    assert "vor" in written(f"<p>vor</p>{open_end}")


def test_a_bare_less_than_is_text() -> None:
    assert "a &lt; b &lt;3" in written("<p>a < b <3</p>")


def test_a_tag_keeps_a_bounded_number_of_attributes() -> None:
    many = " ".join(f"a{number}=1" for number in range(50_000))
    (element,) = parse_html(f"<p {many}>x</p>").iter("p")
    assert len(element.attrib) == MAX_ATTRIBUTES


def test_ten_thousand_levels_are_read_to_a_bounded_depth() -> None:
    tree = parse_html("<div>" * 10_000 + "x")
    assert sum(1 for _ in tree.iter()) < 1_000


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<br>" * (MAX_TAGS + 1), "tags"),
        ("x" * (MAX_PAGE + 1), "characters"),
        ("", "no HTML"),
        ("<!-- only -->", "no HTML"),
    ],
)
def test_a_page_beyond_the_limits_is_refused(html: str, said: str) -> None:
    with pytest.raises(UnreadableAnswer, match=said):
        parse_html(html)


def test_a_page_may_be_limited_further() -> None:
    with pytest.raises(UnreadableAnswer, match="more than 10 characters"):
        parse_html("<p>much too long</p>", max_written=10)


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        ('<meta charset="gb18030">', ""),
        ('<meta http-equiv="x" content="text/html; charset=GBK">', "text/html"),
        ("", "text/html; charset=gb2312"),
        ("", ""),
    ],
)
def test_the_encoding_is_found_where_it_is_said_or_guessed(head: str, content_type: str) -> None:
    body = f"{head}<p>水壶漏水，客服不回\x01</p>".encode("gb18030")
    assert "水壶漏水，客服不回 " in read_html(body, content_type=content_type)


@given(st.text(alphabet="<>/!-='\" abp\x00&;scrit", max_size=200))
@settings(max_examples=200)
def test_any_text_is_a_tree_or_refused(html: str) -> None:
    try:
        tree = parse_html(html)
    except UnreadableAnswer:
        return
    assert not list(tree.iter("script"))
