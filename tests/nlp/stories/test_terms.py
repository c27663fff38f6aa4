from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.stories import words_of
from nlp.stories.terms import MOST_TERMS


def test_terms_are_words_without_numbers_and_marks() -> None:
    tokens = ("玻璃", "的", "2026", "转发", "微博", "玻璃", "12315热线", "!!")

    assert words_of("", tokens).terms == ("玻璃", "12315热线")


def test_entities_are_hashtags_headings_titles_and_names() -> None:
    normal = "#青柚茶异物# 【追踪】《晚报》说澄屿 //@山岚:转"

    found = words_of(normal, (), names=("澄屿", "山岚", "云帆", ""))

    assert found.entities == ("青柚茶异物", "追踪", "晚报", "澄屿")


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=100))
def test_both_are_bounded(normal: str, tokens: list[str]) -> None:
    found = words_of(normal, tokens)

    assert len(found.terms) <= MOST_TERMS
    assert all(1 < len(term) <= 24 for term in found.terms)
