"""A stored post as the stories leaf sees it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp import normalize, whole_text
from nlp.stories import NGRAMS, StoryPost, ngram_vector, words_of
from service.stores import StoredPost


def story_post(
    post: StoredPost,
    *,
    vector: NDArray[np.float32] | None,
    space: str,
    names: Sequence[str] = (),
) -> StoryPost:
    """What places a post; without a vector of a model one is made of its character n-grams.

    `names` of brands are in normal form. A bare repost is a copy of what it shares, by its group.
    """
    normal = normalize(whole_text(post.text, title=post.title)).text
    words = words_of(normal, post.words, names=names)
    if vector is None:
        vector, space = ngram_vector(normal), NGRAMS
    # Never compared: what one model says in so many numbers, and another in more.
    space = f"{space}/{len(vector)}"
    return StoryPost(
        id=post.id,
        at=post.published_at,
        space=space,
        vector=vector,
        terms=words.terms,
        entities=words.entities,
        copy_group=post.copy_group,
        shares=post.shared_id,
        source=post.source,
        sentiment=post.sentiment,
        monitors=post.monitors,
        length=len(post.text),
    )
