"""An entity in a post as a sparse vector: signs, phrases, and n-grams around its mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.sentiment import load_sentiment
from nlp.targeted.entity import Mention
from nlp.targeted.ngrams import ngram_buckets
from nlp.targeted.phrases import PHRASES, phrases_in
from nlp.targeted.signs import NAMES, signs, values_of
from nlp.targeted.slots import Slotted, slotted

VERSION = "targeted-1"

# The first places of the table are for signs and phrases; the first of all is the constant.
NAMED = (*NAMES, *PHRASES)
TABLE = 1 << 16
_RESERVED = 128
_BUCKETS = TABLE - _RESERVED

_NEAR = 12
_FAR = 40
# Beyond these a mention adds nothing but time: to the counts, and to the words around.
_CONSIDERED = 16
_MENTIONS = 8


@dataclass(frozen=True, slots=True)
class Vector:
    """Places in a table of TABLE weights and the value at each.

    A bucket that two views of the post share is held twice, and its weight counts for both.
    """

    places: NDArray[np.int64]
    values: NDArray[np.float32]


def vectors(
    normal: str, mentions: Sequence[Mention], names: Sequence[tuple[str, ...]]
) -> dict[int, Vector]:
    """The vector of each entity that a post names; `names[i]` are those of entity i, normal.

    Who is not in the post does not matter: an installation knows more brands than a post names.
    """
    named = sorted({mention.entity for mention in mentions})
    place_of = {entity: place for place, entity in enumerate(named)}
    considered = [
        Mention(place_of[mention.entity], mention.start, mention.end)
        for mention in _first_of_each(mentions)
    ]
    post = slotted(normal, considered, entities=len(named))
    found = signs(post, [names[entity] for entity in named], load_sentiment())
    return {
        entity: _vector(post, place, values_of(sign))
        for (entity, place), sign in zip(place_of.items(), found, strict=True)
    }


def _first_of_each(mentions: Sequence[Mention]) -> list[Mention]:
    """The first mentions of each entity: bounds the work that a hostile text can make."""
    seen: Counter[int] = Counter()
    kept = []
    for mention in mentions:
        seen[mention.entity] += 1
        if seen[mention.entity] <= _CONSIDERED:
            kept.append(mention)
    return kept


def _vector(post: Slotted, entity: int, sign: tuple[float, ...]) -> Vector:
    text, places = post.text, post.places[entity][:_MENTIONS]
    around = [text[max(0, place - _FAR) : place + _FAR] for place in places]
    before = [text[max(0, place - _NEAR) : place + 1] for place in places]
    after = [text[place : place + _NEAR + 1] for place in places]
    own = [post.said_after(place, _FAR) for place in places]
    rivals = [
        post.said_after(place, _FAR)
        for other, theirs in enumerate(post.places)
        if other != entity
        for place in theirs[:2]
    ]
    phrases = phrases_in(post.seen_by(entity, around), accompanied=bool(rivals))
    named = np.array([*sign, *phrases], dtype=np.float32)
    held = np.flatnonzero(named)
    blocks = [
        _grams(post.seen_by(entity, before), (1, 2, 3, 4), 1),
        _grams(post.seen_by(entity, after), (1, 2, 3, 4), 2),
        _grams(post.seen_by(entity, own), (1, 2, 3), 3),
        _grams(post.seen_by(entity, rivals[:_MENTIONS]), (1, 2, 3), 4),
    ]
    return Vector(
        np.concatenate([held, *blocks]),
        np.concatenate(
            [named[held], *(np.full(len(b), max(1, len(b)) ** -0.5, np.float32) for b in blocks)]
        ),
    )


def _grams(view: str, orders: tuple[int, ...], salt: int) -> NDArray[np.int64]:
    return _RESERVED + ngram_buckets(view, orders=orders, salt=salt, buckets=_BUCKETS)
