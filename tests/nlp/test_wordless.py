"""Texts that no model need look at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.text.normalizer import normalize
from nlp.wordless import NOTHING_SAID, is_wordless


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\u3000",
        "……！！？",
        "。_。",
        "https://example.com/a?b=c",
        "http://t.cn/A1 https://t.cn/B2 ！",
        "www.example.com/x",
        "网页链接",
        "\x00\u200b\ud800",
    ],
)
def test_nothing_is_said(text: str) -> None:
    assert is_wordless(normalize(text).text)


@pytest.mark.parametrize(
    "text", ["好", "😡😡", "666", "https://t.cn/x 太差了", "www", "网页打不开", "httpd 又挂了", "Ω"]
)
def test_something_is_said(text: str) -> None:
    assert not is_wordless(normalize(text).text)


def test_what_is_said_of_it_is_calm() -> None:
    for head in (NOTHING_SAID.sentiment, NOTHING_SAID.emotion):
        assert head is not None
        assert head.label == "neutral"
        assert sum(head.scores.values()) == 1.0
    assert (NOTHING_SAID.abuse, NOTHING_SAID.scenarios, NOTHING_SAID.vector) == (0.0, (), None)


@given(st.text(max_size=40), st.sampled_from("a字1😀"))
def test_a_word_in_front_makes_it_one_with_words(text: str, word: str) -> None:
    assert not is_wordless(f"{word} {text}")
