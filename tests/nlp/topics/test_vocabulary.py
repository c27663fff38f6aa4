"""Which words topics are made of."""

from __future__ import annotations

import pytest

from nlp.topics import NothingToLearn
from nlp.topics.vocabulary import MOST_WORDS, Vocabulary, learn_vocabulary, widened


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


OLD = Vocabulary(words=("酸奶", "手机", "快递"), posts=(9, 2, 4), of=20)


def test_new_words_stand_behind_those_that_were_there() -> None:
    found = widened(OLD, [("暴雨", "快递"), ("暴雨", "快递"), (), ()])
    assert found.words == ("酸奶", "手机", "快递", "暴雨")
    assert (found.posts, found.of) == ((9, 2, 6, 2), 24)


def test_where_there_are_too_many_the_rarest_go() -> None:
    found = widened(OLD, [("暴雨", "快递", "冰雹")] * 3 + [("暴雨",), *[()] * 5], most=3)
    assert found.words == ("酸奶", "快递", "暴雨")


def test_of_equally_common_words_those_stay_that_were_there() -> None:
    found = widened(OLD, [("暴雨", "冰雹"), ("暴雨", "冰雹"), (), ()], most=3)
    assert found.words == OLD.words


def test_a_vocabulary_that_is_too_large_already_is_cut() -> None:
    words = tuple(f"词{n}" for n in range(MOST_WORDS + 500))
    found = widened(Vocabulary(words=words, posts=(3,) * len(words), of=9_000), [])
    assert found.words == words[:MOST_WORDS]
