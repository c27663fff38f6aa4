"""Words of content."""

from __future__ import annotations

from collections import Counter

import pytest

from nlp.data_files import data_file
from nlp.text import normalize
from nlp.text.tokenizer import JiebaTokenizer
from nlp.topics.post import MOST_WORDS, TopicPost, content_words, distinct, stop_words


def test_what_any_text_says_is_left_out() -> None:
    assert content_words(["我们", "的", "酸奶", "12315", "3.5", "a", "变质", "酸奶"]) == (
        "酸奶",
        "变质",
        "酸奶",
    )


@pytest.mark.parametrize("text", ["", "😀🎉😀", "2020 12 31", "的 了 吗", "？！……"])
def test_a_text_may_have_no_words(text: str) -> None:
    tokens = JiebaTokenizer().tokens(normalize(text).text)
    assert content_words(tokens) == ()


def test_very_long_words_and_posts_are_bounded() -> None:
    assert content_words(["x" * 25, "y" * 24]) == ("y" * 24,)
    assert len(content_words(f"词{n}" for n in range(1_000_000))) == MOST_WORDS


def test_copies_count_once_and_posts_without_words_not() -> None:
    posts = [
        TopicPost(id=name, words=words)
        for name, words in (("a", ("酸奶", "变质")), ("b", ()), ("c", ("酸奶", "变质")))
    ]
    assert [post.id for post in distinct(posts)] == ["a"]


def test_the_stop_words_are_in_normal_form_and_stand_there_once() -> None:
    text = data_file("topics", "stop_words.txt").read_text(encoding="utf-8")
    words = [w for line in text.splitlines() if not line.startswith("#") for w in line.split()]
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert [word for word in words if normalize(word).text != word] == []
    assert [word for word in words if len(word) < 2] == []
    assert stop_words() == frozenset(words)
