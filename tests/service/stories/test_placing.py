from __future__ import annotations

import numpy as np

from service.stories.placing import story_post
from tests.support.stored_posts import stored_post


def test_names_of_brands_and_hashtags_are_entities() -> None:
    post = stored_post(1, "#青柚茶异物# 澄屿怎么说", words=("青柚茶", "异物", "澄屿", "怎么", "说"))

    made = story_post(post, vector=np.ones(4, np.float32), space="e", names=("澄屿", "山岚"))

    assert made.entities == ("青柚茶异物", "澄屿")
    assert made.terms == ("青柚茶", "异物", "澄屿", "怎么")
    assert made.space == "e/4"


def test_without_a_vector_there_is_one_of_the_text() -> None:
    made = story_post(stored_post(1, "青柚茶很好喝"), vector=None, space="e")

    assert made.space == "ngrams-1/512"
    assert made.vector is not None
    assert float(np.linalg.norm(made.vector)) == np.float32(1)


def test_what_it_shares_has_the_id_of_a_stored_post() -> None:
    original = stored_post(1)

    assert original.shared_id is None
    assert stored_post(2, repost_of=original.native_id).shared_id is not None
