"""Which words topics are made of."""

from __future__ import annotations

import pytest

from nlp.topics import NothingToLearn
from nlp.topics.vocabulary import learn_vocabulary


def test_words_of_one_post_are_chance() -> None:
    vocabulary = learn_vocabulary(
        [("酸奶", "变质"), ("酸奶", "变质", "孤例"), ("酸奶",), *[()] * 3]
    )
    assert vocabulary.words == ("酸奶", "变质")
    assert vocabulary.posts == (3, 2)
    assert vocabulary.of == 6


def test_a_word_of_nearly_all_posts_parts_nothing() -> None:
    posts = [("山岚", f"词{n % 8}") for n in range(1_000)]
    assert "山岚" not in learn_vocabulary(posts).words


def test_the_more_posts_the_more_of_them_a_word_needs() -> None:
    few = [(f"词{n // 2}",) for n in range(4_000)]
    many = [(f"词{n // 2}",) for n in range(4_998)] + [("常见",)] * 8
    assert len(learn_vocabulary(few)) == 2_000
    with pytest.raises(NothingToLearn):
        learn_vocabulary(many)


@pytest.mark.parametrize("posts", [[], [("酸奶",)], [("酸奶",), ("手机",)], [("同词",)] * 50])
def test_an_empty_vocabulary_is_said(posts: list[tuple[str, ...]]) -> None:
    with pytest.raises(NothingToLearn, match="no two words"):
        learn_vocabulary(posts)


def test_counts_are_by_word_and_pass_over_what_is_unknown() -> None:
    vocabulary = learn_vocabulary([("酸奶", "变质"), ("酸奶", "变质"), (), ()])
    found = vocabulary.counts(["酸奶", "没见过", "变质", "酸奶"])
    assert {vocabulary.words[word]: times for word, times in found} == {"酸奶": 2, "变质": 1}
    assert vocabulary.counts([]) == ()
