"""Terms by relevance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nlp.topics import TopicModel
from nlp.topics.labels import LAMBDA, describe, relevant_terms, shared_terms
from nlp.topics.lda import Priors
from nlp.topics.vocabulary import Vocabulary

MODEL = TopicModel(
    vocabulary=Vocabulary(words=("山岚", "酸奶", "手机"), posts=(9, 5, 5), of=20),
    learned=np.array([[60, 40, 0], [60, 0, 40]], dtype=np.float32),
    priors=Priors(alpha=0.1, eta=1e-6),
    documents=20,
)


def test_a_word_of_one_topic_comes_before_a_commoner_one_of_all() -> None:
    assert shared_terms(MODEL)[0][0] == "山岚"
    assert relevant_terms(MODEL)[0][0].word == "酸奶"
    assert relevant_terms(MODEL)[1][0].word == "手机"


def test_relevance_is_that_of_the_paper() -> None:
    term = relevant_terms(MODEL, limit=1)[0][0]
    expected = LAMBDA * math.log(0.4) + (1 - LAMBDA) * math.log(0.4 / 0.2)
    assert term.relevance == pytest.approx(expected, abs=1e-3)
    assert term.share == pytest.approx(0.4, abs=1e-4)


def test_representatives_are_unlike_one_another() -> None:
    posts = [("酸奶", "山岚"), ("酸奶", "山岚"), ("酸奶", "早餐", "牛奶"), ("手机",), ("外面",)]
    mixtures = np.array([[0.9, 0.1], [0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.5, 0.5]], np.float32)
    first, second = describe(MODEL, mixtures, posts=posts, ids=["a", "b", "c", "d", "e"])
    assert first.posts == ("a", "c", "d")
    assert "e" not in second.posts
    assert second.posts[0] == "d" or second.posts[0] == "a"
    assert (first.label, first.share) == ("酸奶 · 山岚 · 手机", 0.64)


def test_topics_without_posts() -> None:
    topics = describe(MODEL, np.zeros((0, 2), dtype=np.float32), posts=[], ids=[])
    assert [(topic.share, topic.posts) for topic in topics] == [(0.0, ()), (0.0, ())]
