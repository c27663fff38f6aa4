"""Topics of two models against one another."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.topics import FitOptions, TopicModel, drift, fit_topics
from nlp.topics.drift import SAME
from nlp.topics.lda import Priors
from nlp.topics.vocabulary import Vocabulary
from tests.support.topic_scene import FOOD, PARCEL, PHONE, RAIN, theme_posts


def model(*topics: tuple[str, ...]) -> TopicModel:
    words = tuple(dict.fromkeys(word for topic in topics for word in topic))
    learned = np.array([[100.0 * (word in topic) for word in words] for topic in topics])
    return TopicModel(
        vocabulary=Vocabulary(words=words, posts=(5,) * len(words), of=50),
        learned=learned.astype(np.float32),
        priors=Priors(),
        documents=10,
    )


def test_nothing_moves_from_a_model_to_itself() -> None:
    found = drift(model(FOOD, PARCEL), model(FOOD, PARCEL))
    assert [(match.topic, match.before) for match in found.matches] == [(0, 0), (1, 1)]
    assert (found.new, found.gone) == ((), ())
    assert found.mean == pytest.approx(0, abs=1e-3)


def test_topics_are_paired_whatever_their_numbers() -> None:
    found = drift(model(FOOD, PARCEL, PHONE), model(PHONE, FOOD, PARCEL))
    assert {match.topic: match.before for match in found.matches} == {0: 2, 1: 0, 2: 1}


def test_a_topic_of_other_words_is_new_and_the_old_one_gone() -> None:
    found = drift(model(FOOD, PARCEL), model(PARCEL, RAIN))
    assert (found.new, found.gone) == ((1,), (0,))
    assert [match.distance <= SAME for match in found.matches] == [True]
    assert 0.4 < found.mean < 0.6


def test_models_of_different_sizes() -> None:
    found = drift(model(FOOD), model(FOOD, PARCEL, PHONE))
    assert (found.new, found.gone) == ((1, 2), ())
    assert drift(model(FOOD, PARCEL), model(PARCEL)).gone == (0,)


def test_models_that_share_no_word() -> None:
    found = drift(model(FOOD), model(RAIN))
    assert (found.new, found.gone, found.mean) == ((0,), (0,), 1.0)


def test_a_theme_that_comes_up_is_new_in_the_next_fit() -> None:
    options = FitOptions(topics=3)
    before = fit_topics(theme_posts(FOOD, PARCEL, PHONE, each=40), options)
    after = fit_topics(theme_posts(FOOD, PARCEL, RAIN, each=40, seed=5), options)
    found = drift(before.model, after.model)
    new = {term.word for number in found.new for term in after.topics[number].terms[:6]}
    assert len(found.new) == 1
    assert new <= set(RAIN)
