"""Which posts stand for a story: those that say what it is about, and what is copied most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.stories.sample import unit_rows
from nlp.stories.story import Story

MOST = 5
_SHORTEST = 8
"""Characters; what is shorter stands for nothing while there is longer."""


def measure(story: Story, mean: NDArray[np.float32]) -> None:
    """Bring the nearness of the sampled texts to the story's mean, (width,), up to date."""
    texts = [text for text in story.texts.values() if text.vector is not None]
    length = float(np.linalg.norm(mean))
    if texts and length > 0:
        for text, cosine in zip(texts, unit_rows(texts) @ (mean / length), strict=True):
            text.nearness = float(cosine)


def representatives(story: Story) -> tuple[str, ...]:
    """Ids of at most MOST posts, the best first, of different texts.

    The text nearest to all others comes first, then the one of most copies where it has several.
    """
    ordered = sorted(
        story.texts.values(),
        key=lambda text: (text.length < _SHORTEST, -text.nearness, text.at, text.post),
    )
    posts = [text.post for text in ordered]
    loudest = story.loudest
    known = {text.group: text.post for text in ordered}
    # Hundreds who share without a word are one text too: 转发微博 stands for nothing.
    tells = loudest is not None and (loudest.length >= _SHORTEST or loudest.group in known)
    if loudest is not None and tells and (loudest.posts > 1 or not posts):
        post = known.get(loudest.group, loudest.post)
        posts = [*posts[:1], post, *posts[1:]]
    return tuple(dict.fromkeys(posts))[:MOST]
