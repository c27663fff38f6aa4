"""The topic of a new post."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.topics import TopicModel, assign
from nlp.topics.assignment import _digamma, mix
from nlp.topics.lda import Priors
from nlp.topics.vocabulary import Vocabulary
from tests.support.topic_scene import FOOD, PARCEL, PHONE, THEMES

WORDS = (*FOOD, *PARCEL, *PHONE)


def model() -> TopicModel:
    learned = np.zeros((3, len(WORDS)), dtype=np.float32)
    for topic in range(3):
        learned[topic, topic * 8 : topic * 8 + 8] = 100
    return TopicModel(
        vocabulary=Vocabulary(words=WORDS, posts=(10,) * len(WORDS), of=100),
        learned=learned,
        priors=Priors(),
        documents=100,
    )


MODEL = model()


def test_a_post_is_about_what_its_words_are_about() -> None:
    found = assign(MODEL, [theme[:4] for theme in THEMES])
    assert [item.topic for item in found] == [0, 1, 2]
    assert all(item.probability > 0.8 for item in found)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("没见过", "也没有"),
        (FOOD[0],),
        (*FOOD[:2], "一", "二", "三", "四", "五", "六"),
        (FOOD[0], PARCEL[0], PHONE[0]),
    ],
    ids=["no words", "unknown", "one word", "mostly unknown", "between topics"],
)
def test_what_fits_nothing_has_no_topic(words: tuple[str, ...]) -> None:
    assert assign(MODEL, [words])[0].topic is None


def test_a_post_has_the_same_topic_alone_and_among_many() -> None:
    posts = [theme[: 2 + turn % 5] for turn in range(300) for theme in THEMES]
    together = assign(MODEL, posts)
    assert together[:6] == tuple(assign(MODEL, [words])[0] for words in posts[:6])


def test_no_posts() -> None:
    assert assign(MODEL, []) == ()


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from((*WORDS, "外")), max_size=12), max_size=8))
def test_mixtures_sum_to_one(posts: list[list[str]]) -> None:
    mixtures = mix(MODEL, [MODEL.vocabulary.counts(words) for words in posts])
    assert mixtures.shape == (len(posts), 3)
    assert np.isfinite(mixtures).all()
    assert mixtures.sum(axis=1) == pytest.approx(np.ones(len(posts)), abs=1e-4)


def test_digamma_is_that_of_scipy() -> None:
    special = pytest.importorskip("scipy.special")
    points = np.array([[0.01, 0.1, 0.5, 1, 2.5, 6, 40, 1e4]], dtype=np.float32)
    assert _digamma(points) == pytest.approx(special.digamma(points), rel=1e-4, abs=1e-4)
