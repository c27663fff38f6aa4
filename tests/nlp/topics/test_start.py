"""Where learning begins."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.topics.start import first_topics
from nlp.topics.vocabulary import learn_vocabulary
from tests.support.topic_scene import THEMES, theme_of, theme_posts

POSTS = [post.words for post in theme_posts(each=40)]
VOCABULARY = learn_vocabulary(POSTS)
DOCUMENTS = [VOCABULARY.counts(words) for words in POSTS]


def test_each_theme_is_a_cluster() -> None:
    begun = first_topics(DOCUMENTS, words=len(VOCABULARY), topics=3, seed=1)
    tops = [[VOCABULARY.words[place] for place in np.argsort(-row)[:5].tolist()] for row in begun]
    assert sorted(str(theme_of(words)) for words in tops) == ["0", "1", "2"]
    assert begun.sum() == sum(count for document in DOCUMENTS for _, count in document)


def test_the_same_seed_begins_the_same_way() -> None:
    one, two = (
        first_topics(DOCUMENTS, words=len(VOCABULARY), topics=len(THEMES), seed=4) for _ in "ab"
    )
    assert np.array_equal(one, two)


@pytest.mark.parametrize(
    "documents", [[((0, 1),)] * 5, [((0, 1), (1, 1)), ((0, 2),)], [((0, 1),), ((1, 1),)]]
)
def test_fewer_different_documents_than_topics(
    documents: list[tuple[tuple[int, int], ...]],
) -> None:
    begun = first_topics(documents, words=2, topics=4, seed=1)
    assert begun.shape == (4, 2)
    assert np.isfinite(begun).all()
    assert begun.sum() == sum(count for document in documents for _, count in document)
