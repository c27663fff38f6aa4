"""Documents of several posts."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.topics import Pooling, TopicPost
from nlp.topics.likeness import BLOCK, NEIGHBOURS, like_pools
from nlp.topics.pooling import pools
from tests.support.topic_scene import theme_of, theme_posts

POSTS = theme_posts(each=12)


def test_alone() -> None:
    assert pools(POSTS[:3], Pooling.NONE) == ((0,), (1,), (2,))


def test_by_author() -> None:
    found = pools(POSTS, Pooling.AUTHOR)
    assert all(len({POSTS[place].author for place in document}) == 1 for document in found)
    assert len(found) == 9


def test_by_hour() -> None:
    found = pools(POSTS, Pooling.HOUR)
    assert found[0] == (0, 1, 2)
    assert len(found) == 12


def test_by_story() -> None:
    assert len(pools(POSTS, Pooling.STORY)) == 6


@pytest.mark.parametrize("pooling", [Pooling.AUTHOR, Pooling.HOUR, Pooling.STORY])
def test_a_post_without_the_key_stands_alone(pooling: Pooling) -> None:
    nameless = [replace(post, author=None, at=None, story=None) for post in POSTS[:4]]
    assert pools(nameless, pooling) == ((0,), (1,), (2,), (3,))


def test_a_name_that_looks_like_a_lone_post_is_none() -> None:
    posts = [
        TopicPost(id="a", words=("酸奶",)),
        TopicPost(id="b", words=("酸奶",), author="lone 0"),
    ]
    assert pools(posts, Pooling.AUTHOR) == ((0,), (1,))


def test_posts_that_share_rare_words_are_alike() -> None:
    posts = theme_posts(each=40)
    found = pools(posts, Pooling.LIKENESS)
    themes = [{theme_of(posts[place].words) for place in document} for document in found]
    assert all(len(theme) == 1 for theme in themes)
    assert len(found) < len(posts) / 3
    assert max(map(len, found)) <= NEIGHBOURS + 1


def test_blocks_are_pooled_apart() -> None:
    words = [("酸奶", f"词{n // 2}", f"字{n}") for n in range(BLOCK + 10)]
    found = like_pools(words)
    assert all(document[-1] < BLOCK or document[0] >= BLOCK for document in found)
    assert (BLOCK, BLOCK + 1) in found


@pytest.mark.parametrize("words", [[], [()], [("酸奶",)], [("酸奶",), ("手机",)], [("酸奶",)] * 9])
def test_nothing_alike(words: list[tuple[str, ...]]) -> None:
    assert like_pools(words) == tuple((place,) for place in range(len(words)))


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from("甲乙丙丁戊己庚辛"), max_size=5).map(tuple), max_size=30))
def test_every_post_is_in_a_pool(words: list[tuple[str, ...]]) -> None:
    found = like_pools(words)
    assert set(chain.from_iterable(found)) == set(range(len(words)))
    assert all(list(document) == sorted(set(document)) for document in found)
    assert like_pools(words) == found
