"""Counting words of ordinary posts."""

from __future__ import annotations

from nlp.training.background import common_pieces, common_words, distinct, posts_with, rows

POSTS = ("今天天气不错", "今天天气真好", "天气预报说今天有雨")


def test_copies_count_once_whatever_their_spelling() -> None:
    assert distinct(("ＡＢＣ店", "abc店", "别的")) == ("abc店", "别的")


def test_words_are_cut_and_the_rare_left_out() -> None:
    posts = ("苹果好吃", "苹果不好", "香蕉，好吃")
    assert common_words(posts, rarest=2) == {"苹果", "好吃"}


def test_pieces_are_runs_of_ideographs() -> None:
    assert common_pieces(POSTS, rarest=2) == {"今天", "天气", "天天", "今天天", "天天气"}


def test_a_post_counts_once_and_words_inside_words_too() -> None:
    assert posts_with({"天气", "气预", "没有"}, ("天气天气预报", "天气")) == {"天气": 2, "气预": 1}


def test_the_commonest_come_first() -> None:
    assert list(rows({"b": 1, "a": 1, "c": 2}, 9)) == ["word\tposts of 9", "c\t2", "a\t1", "b\t1"]
