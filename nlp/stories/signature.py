"""One unit vector of what a post says and what it names: its embedding beside its hashed words.

With e the embedding as seen from the centre of its space and w the hashed words, both of unit
length, the signature is (sqrt(1 - WORDS) t e, sqrt(WORDS) w) made of unit length, where t in [0, 1]
says how well that centre is known. The product of two signatures is then a weighted mean of the two
cosines, so that one matrix product compares a post with every story in both at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlp.stories.centre import Centre
from nlp.stories.commonness import Commonness, place_of
from nlp.stories.post import StoryPost

WORDS = 0.35
"""What the words weigh in a comparison; the embedding has the rest."""
WORD_WIDTH = 256
_ENTITY = 2.0
"""A name counts as this many words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """`vector`: (width + WORD_WIDTH,) float32 of unit length, None where nothing can be said.

    `words`: what each word tells, in bits; a name twice that.
    """

    vector: NDArray[np.float32] | None = field(compare=False, repr=False)
    words: dict[str, float]

    @property
    def bits(self) -> float:
        """What all the words tell."""
        return sum(self.words.values())


def signature_of(words: dict[str, float], unit: NDArray[np.float32], centre: Centre) -> Signature:
    """The signature of words with their bits and the unit vector (width,) of the embedding."""
    hashed = _hashed(words)
    if hashed is None:
        return Signature(vector=None, words=words)
    meaning = centre.around(unit) * np.float32(math.sqrt(1 - WORDS) * centre.trust)
    joined = np.concatenate((meaning, hashed * np.float32(math.sqrt(WORDS))))
    return Signature(vector=joined / np.linalg.norm(joined), words=words)


def words_told(post: StoryPost, commonness: Commonness) -> dict[str, float]:
    """What each word of a post tells, in bits, entities with their greater weight."""
    told: dict[str, float] = {}
    for group, factor in ((post.terms, 1.0), (post.entities, _ENTITY)):
        for word in group:
            told[word] = told.get(word, 0.0) + factor * commonness.bits(word)
    return told


def unit_of(post: StoryPost) -> NDArray[np.float32] | None:
    """The post's embedding with unit length; None where there is none, or it is zero.

    Raises ValueError for what is no row of finite numbers.
    """
    if post.vector is None:
        return None
    vector = np.asarray(post.vector, np.float32)
    length = float(np.linalg.norm(vector))
    if vector.ndim != 1 or not math.isfinite(length):
        raise ValueError(
            f"post {post.id[:64]!r}: its vector has shape {vector.shape} and length {length}; "
            "give one row of finite numbers, or None"
        )
    return vector / np.float32(length) if length > 0 else None


def _hashed(words: dict[str, float]) -> NDArray[np.float32] | None:
    vector = np.zeros(WORD_WIDTH, np.float32)
    for word, bits in words.items():
        place = place_of(word)
        vector[place % WORD_WIDTH] += bits if place >> 31 else -bits
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length > 0 else None
