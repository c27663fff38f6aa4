"""Patterns of queries."""

import pytest

from nlp.query.pattern import MAX_PATTERN, BadPattern, compile_pattern


def test_patterns_know_no_case_and_simplify() -> None:
    assert compile_pattern("RECALL").search("a recall")
    assert compile_pattern("產品.{0,3}問題").search("产品有问题")


def test_spans_are_code_points() -> None:
    assert list(compile_pattern("爆+").spans("😀爆爆x爆")) == [(1, 3), (4, 5)]


def test_a_match_without_characters_is_no_span() -> None:
    assert list(compile_pattern(r"a|\b").spans("ba")) == [(1, 2)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a(", "broken"),
        ("(?=a)b", "broken"),
        (r"(a)\1", "broken"),
        ("a*", "empty text"),
        ("", "empty text"),
        ("a" * (MAX_PATTERN + 1), "at most"),
        ("((a{100}){100}){100}", "broken"),
    ],
)
def test_bad_patterns_are_refused(text: str, words: str) -> None:
    with pytest.raises(BadPattern, match=words):
        compile_pattern(text)


def test_lone_surrogates_do_not_escape() -> None:
    assert compile_pattern("b").search("\ud800b")
    assert not compile_pattern("\ud800").search("b")


def test_a_hostile_pattern_takes_linear_time() -> None:
    assert not compile_pattern("(a+)+$b").search("a" * 50_000)
