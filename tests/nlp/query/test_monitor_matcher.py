"""Many monitors at once."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.errors import BadQuery
from nlp.query import MonitorMatcher, Query, QueryDocument, parse_query

PIECES = [
    *("a", "app", "爆炸", "產品", '"b c"', "/x+/", "*", "(", ")", "|", "+a", "-a", "+/x/", "-爆炸"),
    *("NEAR/3", "(a | 爆炸)", "(b | /x/)", "source:weibo", "-channel:news", "lang:zh", "\ud800"),
]


def test_monitors_come_in_the_order_given() -> None:
    queries = {
        name: parse_query(text) for name, text in (("z", "茶"), ("all", "*"), ("a", "奶 茶"))
    }
    assert MonitorMatcher(queries).match(QueryDocument("奶茶")) == ("z", "all", "a")


def test_only_matching_monitors_come() -> None:
    queries = {"app": parse_query("app"), "tea": parse_query("+茶 -奶"), "re": parse_query("/x/")}
    assert MonitorMatcher(queries).match(QueryDocument("happy 奶茶")) == ()


def test_no_monitors_match_nothing() -> None:
    assert MonitorMatcher({}).match(QueryDocument("茶")) == ()


def _parsed(text: str) -> Query | None:
    with contextlib.suppress(BadQuery):
        return parse_query(text)
    return None


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map(" ".join), max_size=6),
    st.lists(st.sampled_from(["a", "b c", "app", "爆炸", " ", "产品", "x", "a/b", "\ud800"])),
)
def test_the_prefilter_changes_no_answer(texts: list[str], words: list[str]) -> None:
    parsed = {str(index): _parsed(text) for index, text in enumerate(texts)}
    queries = {name: query for name, query in parsed.items() if query is not None}
    document = QueryDocument("".join(words), source="weibo", channel="news", lang="zh")
    expected = tuple(name for name, query in queries.items() if query.matches(document))
    assert MonitorMatcher(queries).match(document) == expected
