"""The query grammar and its mistakes."""

import contextlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp.errors import BadQuery
from nlp.query import Query, parse_query


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("澄屿 Chengyu", "澄屿 chengyu"),
        ("+澄嶼 -广告", "+澄屿 -广告"),
        ('"no refund" ok', '"no refund" ok'),
        ("+(投訴|退款) 澄屿", "+(投诉 | 退款) 澄屿"),
        ("（甲 ｜ 乙）＋丙 －丁", "(甲 | 乙) +丙 -丁"),
        ("“双 十一”", '"双 十一"'),
        ("/a\\/b|c/", "/a\\/b|c/"),
        ("玻璃 NEAR/8 瓶", "玻璃 NEAR/8 瓶"),
        ("-(a | b) NEAR/3 /c+/ 甲", "-(a | b) NEAR/3 /c+/ 甲"),
        ("(a) NEAR/3 b", "a NEAR/3 b"),
        ("source：Weibo -channel:news lang:zh-CN", "source:weibo -channel:news lang:zh-cn"),
        ('source:"my feed"', 'source:"my feed"'),
        ("* -转发", "* -转发"),
        ("a | +b c", "a | +b c"),
        ('"near" near/2', '"near" "near/2"'),
        ('"a\\"b\\\\"', '"a\\"b\\\\"'),
        ("12:30", '"12:30"'),
        ("c++ a-b 24/7", "c++ a-b 24/7"),
    ],
)
def test_a_query_is_shown_in_one_way(text: str, shown: str) -> None:
    query = parse_query(text)
    assert str(query) == shown
    assert parse_query(shown) == query


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "missing before the end"),
        ("  ", 3, "missing before the end"),
        ("a | ", 5, "missing before the end"),
        ("a | | b", 5, "missing before |"),
        ("()", 2, "missing before )"),
        ("a (b", 3, "never closed"),
        ("a) b", 2, "closes nothing"),
        ("-a -b", 1, "nothing but exclusions"),
        ("a +(-b)", 5, "nothing but exclusions"),
        ('a "b', 3, "quote is never closed"),
        ("a “b", 3, "add ”"),
        ("a” b", 2, "without an opening"),
        ("a /b", 3, "never closed"),
        ("/b/c", 4, "ends at its second /"),
        ("a /b(/", 3, "broken"),
        ("/x*/", 1, "empty text"),
        ("a - b", 3, "right before"),
        ("a +", 3, "right before"),
        ("+-a", 1, "right before"),
        ("a NEAR b", 3, "needs a distance"),
        ("a NEAR/8", 9, "after it"),
        ("NEAR/8 a", 1, "before it"),
        ("a NEAR/8 -b", 10, "after it"),
        ("a NEAR/9999 b", 3, "at most 1000"),
        ("a NEAR/2 b NEAR/2 c", 12, "does not chain"),
        ("source:x NEAR/2 c", 10, "takes words"),
        ("a NEAR/2 (b +c)", 10, "takes words"),
        ("a site:b", 3, "is no filter"),
        ("https://example.test", 1, "is no filter"),
        ("a source:", 3, "needs a value"),
        ("channel:tv", 1, "is unknown"),
        ("lang:中文", 1, "no language code"),
        ("app*", 4, "no wildcards"),
        ('a ""', 3, "phrase is empty"),
        ("a \u200b", 3, "word is empty"),
        ("(" * 11 + "a" + ")" * 11, 11, "at most 10"),
        ("ab" * 101, 1, "longer than 200"),
        ("a " * 5_001, 10_001, "longer than 10000"),
    ],
)
def test_a_mistake_is_refused_at_its_column(text: str, column: int, words: str) -> None:
    with pytest.raises(BadQuery) as caught:
        parse_query(text)
    assert caught.value.column == column
    assert words in caught.value.message


PIECES = [
    *("a", "app", "爆炸", "產品", '"b c"', '"\\""', "“退 款”", "/x+/", "/a\\/b/", "*"),
    *("(", ")", "（", "）", "|", "｜", "+", "-", "－", "NEAR/3", "NEAR", "near/3", " ", " ", " "),
    *("source:weibo", "source:mastodon:example.social", "channel:news", "lang:zh", "site:x"),
    *('source:"', "12:30", "\\", "/", '"', "C++", "\ud800", "\u200b", "\x00", "：", "ｓource:x"),
]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=30))
@example("/\\")
@example('source:"a\\')
def test_any_string_parses_to_itself_or_is_refused(text: str) -> None:
    query: Query | None = None
    with contextlib.suppress(BadQuery):
        query = parse_query(text)
    if query is not None:
        assert parse_query(str(query)) == query
