"""What queries match."""

import pytest

from nlp.query import QueryDocument, parse_query
from nlp.text.normalizer import normalize


def matches(query: str, text: str, **fields: str) -> bool:
    return parse_query(query).matches(QueryDocument(normalize(text).text, **fields))


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("澄屿 Chengyu", "喝了澄屿的茶", True),
        ("澄屿 Chengyu", "CHENGYU tea", True),
        ("澄屿 Chengyu", "喝茶", False),
        ("澄嶼", "澄\u200b屿", True),
        ("app", "so happy", False),
        ("app", "这个App闪退", True),
        ("a +b", "b", False),
        ("a +b", "a b", True),
        ("+a +b", "a", False),
        ("a -b", "a b", False),
        ("a -b", "a", True),
        ('"no refund"', "no  Refund!", True),
        ('"no refund"', "no real refund", False),
        ("+(退款 | 投诉) 澄屿", "澄屿退款", True),
        ("+(退款 | 投诉) 澄屿", "澄屿好喝", False),
        ("a -(b | c)", "a c", False),
        ("(a +b | c)", "c", True),
        ("(a +b | c)", "a", False),
        ("/玻璃(渣|碎片)/", "喝到玻璃碎片", True),
        ("/玻璃(渣|碎片)/", "玻璃瓶", False),
        ("玻璃 NEAR/4 瓶", "瓶子里有玻璃", True),
        ("玻璃 NEAR/2 瓶", "瓶子里有玻璃", False),
        ("(玻璃|虫) NEAR/4 /瓶|罐/", "罐里有虫", True),
        ("-玻璃 NEAR/4 瓶 茶", "茶瓶子里有玻璃", False),
        ("*", "", True),
        ("* -转发", "转发", False),
        ("a | +b -c", "b", True),
        ("a | +b -c", "b c", False),
        ("\ud800b", "\ud800b", True),
        ("/b/", "\ud800b", True),
    ],
)
def test_text(query: str, text: str, expected: bool) -> None:
    assert matches(query, text) is expected


@pytest.mark.parametrize(
    ("query", "fields", "expected"),
    [
        ("source:mastodon", {"source": "mastodon:example.social"}, True),
        ("source:mastodon:example.social", {"source": "mastodon:example.social"}, True),
        ("source:mastodon:example", {"source": "mastodon:example.social"}, False),
        ("source:masto", {"source": "mastodon:example.social"}, False),
        ("source:weibo source:xhs", {"source": "xhs"}, True),
        ("source:weibo lang:zh", {"source": "weibo", "lang": "en"}, False),
        ("source:weibo lang:zh", {"source": "weibo", "lang": "zh_CN"}, True),
        ("channel:news", {"channel": "news"}, True),
        ("-channel:owned *", {"channel": "owned"}, False),
        ("lang:zh", {}, False),
        ("(茶 | source:weibo)", {"source": "weibo"}, True),
        ("咖啡 source:weibo", {"source": "weibo"}, False),
        ("+source:weibo 奶", {"source": "weibo"}, True),
    ],
)
def test_filters(query: str, fields: dict[str, str], expected: bool) -> None:
    assert matches(query, "奶盖", **fields) is expected


def test_terms_are_the_positive_literals_once_each() -> None:
    query = parse_query('澄嶼 +(退款 | 澄屿) -广告 /x+/ "a b" 玻璃 NEAR/3 瓶 source:weibo *')
    assert query.terms() == ("澄屿", "退款", "a b", "玻璃", "瓶")


@pytest.mark.parametrize(
    ("query", "anchors"),
    [
        ("a b", {"a", "b"}),
        ("a b +c", {"c"}),
        ("a -b", {"a"}),
        ("a /x/", None),
        ("+abc /x/", {"abc"}),
        ("a source:weibo", {"a"}),
        ("source:weibo", None),
        ("*", None),
        ("a | b +c", {"a", "c"}),
        ("ab NEAR/2 (c | d)", {"ab"}),
        ("/x/ NEAR/2 a", {"a"}),
        ("(a | source:x)", None),
    ],
)
def test_anchors(query: str, anchors: set[str] | None) -> None:
    assert parse_query(query).anchors() == anchors


def test_literals_to_mark_are_words_and_patterns_that_are_not_excluded() -> None:
    query = parse_query("+澄屿 -广告 (退款 | /爆.了/) 拉肚子 NEAR/8 退款 source:weibo *")
    assert [str(literal) for literal in query.literals()] == ["澄屿", "退款", "/爆.了/", "拉肚子"]
