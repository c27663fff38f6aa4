"""What a topic is called and shown by: words and posts that are picked, never written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.topics.model import TopicModel

LAMBDA = 0.6
"""Weight of a word's share in the topic against its lift, as Sievert & Shirley found best."""
TERMS = 25
_IN_LABEL = 3
_REPRESENTATIVES = 5
_ALIKE = 0.5
"""Of the words of two posts, from which on the second one shows nothing new."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a topic: its relevance, by which terms are ordered, and its share in the topic."""

    word: str
    relevance: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic as people see it. `share` is its part of the posts that it was learned from;
    `posts` are ids of those that are most about it."""

    id: int
    label: str
    share: float
    terms: tuple[Term, ...]
    posts: tuple[str, ...]


def relevant_terms(model: TopicModel, *, limit: int = TERMS) -> tuple[tuple[Term, ...], ...]:
    """The terms of each topic by relevance: λ log p(w|t) + (1 − λ) log (p(w|t) / p(w)).

    p(w) is what all topics together make of the word. Source: Sievert & Shirley (2014), section
    3.1.
    """
    overall = model.learned.sum(axis=0) + np.float32(model.priors.eta * model.topics)
    overall = overall / overall.sum()
    found = []
    for shares in model.shares:
        logs = np.log(shares)
        relevance = LAMBDA * logs + (1 - LAMBDA) * (logs - np.log(overall))
        # Stable, so that of equal words the commoner one, which stands first, comes first.
        best = np.argsort(-relevance, kind="stable")[:limit]
        found.append(
            tuple(
                Term(
                    model.vocabulary.words[place],
                    round(float(relevance[place]), 4),
                    round(float(shares[place]), 6),
                )
                for place in best
            )
        )
    return tuple(found)


def shared_terms(model: TopicModel, *, limit: int = TERMS) -> tuple[tuple[str, ...], ...]:
    """The words of each topic by their share in it."""
    best = np.argsort(-model.shares, axis=1, kind="stable")[:, :limit]
    return tuple(tuple(model.vocabulary.words[place] for place in row) for row in best)


def describe(
    model: TopicModel,
    mixtures: NDArray[np.float32],
    *,
    posts: Sequence[Sequence[str]],
    ids: Sequence[str],
) -> tuple[Topic, ...]:
    """The topics with labels, terms and representative posts.

    `mixtures` is (posts, topics), how much of each of `posts` (their words) is about each topic.
    """
    mean = mixtures.mean(axis=0) if len(mixtures) else np.zeros(model.topics, dtype=np.float32)
    return tuple(
        Topic(
            id=number,
            label=" · ".join(term.word for term in terms[:_IN_LABEL]),
            share=round(float(mean[number]), 4),
            terms=terms,
            posts=_representatives(terms, mixtures[:, number], posts=posts, ids=ids),
        )
        for number, terms in enumerate(relevant_terms(model))
    )


def _representatives(
    terms: Sequence[Term],
    probabilities: NDArray[np.float32],
    *,
    posts: Sequence[Sequence[str]],
    ids: Sequence[str],
) -> tuple[str, ...]:
    """Of the posts most about the topic those with most of its terms, unlike one another."""
    among = np.argsort(-probabilities, kind="stable")[:200]
    words = {term.word for term in terms}
    ranked = sorted(
        (int(place) for place in among),
        key=lambda place: (-len(words.intersection(posts[place])) * probabilities[place], place),
    )
    picked: list[int] = []
    for place in ranked:
        mine = set(posts[place])
        if mine & words and all(_overlap(mine, set(posts[other])) < _ALIKE for other in picked):
            picked.append(place)
            if len(picked) == _REPRESENTATIVES:
                break
    return tuple(ids[place] for place in picked)


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)
