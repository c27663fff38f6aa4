"""Which topic a new post is about: the variational step of LDA, many posts at once, in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.topics.model import TopicModel
from nlp.topics.vocabulary import Counts

LEAST_PROBABILITY = 0.35
"""Below it a post is between topics."""
LEAST_KNOWN = 2
"""Known words that a post needs: one word stands for too many things."""
LEAST_KNOWN_SHARE = 0.3
"""Of a post's different words: what is mostly new words is about something new."""
_AT_ONCE = 256
_ROUNDS = 40
_STILL = 1e-3
_TINY = np.float32(1e-30)


@dataclass(frozen=True, slots=True)
class Assigned:
    """The topic of a post and its probability; topic None where nothing fits."""

    topic: int | None
    probability: float


def assign(model: TopicModel, posts: Sequence[Sequence[str]]) -> tuple[Assigned, ...]:
    """The topic of each post by its words of content, in order; below 0.1 ms a post in batches.

    A post in which too few words are known, or that lies between topics, has none.
    """
    counts = [model.vocabulary.counts(words) for words in posts]
    mixtures = mix(model, counts)
    return tuple(
        _assigned(mixture, known=len(known), words=len(set(words)))
        for mixture, known, words in zip(mixtures, counts, posts, strict=True)
    )


def mix(model: TopicModel, posts: Sequence[Counts]) -> NDArray[np.float32]:
    """(posts, topics): how much of each post is about each topic; rows sum to 1.

    The fixed point of Hoffman, Blei & Bach (2010), figure 1, from an even start, so that nothing
    is drawn. A post without known words is even.
    """
    mixtures = np.full((len(posts), model.topics), 1 / model.topics, dtype=np.float32)
    # Posts of one length together, or the longest would set the cost of all.
    order = sorted((place for place, post in enumerate(posts) if post), key=lambda p: len(posts[p]))
    for start in range(0, len(order), _AT_ONCE):
        places = order[start : start + _AT_ONCE]
        mixtures[places] = _mixtures(model, [posts[place] for place in places])
    return mixtures


def _mixtures(model: TopicModel, posts: Sequence[Counts]) -> NDArray[np.float32]:
    longest = max(map(len, posts))
    words = np.zeros((len(posts), longest), dtype=np.int64)
    times = np.zeros((len(posts), longest), dtype=np.float32)
    for row, post in enumerate(posts):
        words[row, : len(post)] = [word for word, _ in post]
        times[row, : len(post)] = [count for _, count in post]
    # (posts, words, topics)
    shares = model.shares[:, words].transpose(1, 2, 0)
    alpha = np.float32(model.priors.alpha)
    gamma = alpha + times.sum(axis=1, keepdims=True) / np.float32(model.topics)
    gamma = np.repeat(gamma, model.topics, axis=1)
    for _ in range(_ROUNDS):
        weight = np.exp(_digamma(gamma))
        norm = np.matmul(shares, weight[:, :, None])[:, :, 0] + _TINY
        new = alpha + weight * np.matmul((times / norm)[:, None, :], shares)[:, 0, :]
        moved = float(np.abs(new - gamma).mean(axis=1).max())
        gamma = new
        if moved < _STILL:
            break
    mixtures: NDArray[np.float32] = gamma / gamma.sum(axis=1, keepdims=True)
    return mixtures


def _digamma(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Within 1e-5 for x > 0: pushed above 6 by the recurrence, then the asymptotic series
    (Abramowitz & Stegun 6.3.5 and 6.3.18). Here, as scipy is not loaded for it."""
    shifted = x.astype(np.float64)
    below = np.zeros_like(shifted)
    for _ in range(6):
        below += 1 / shifted
        shifted = shifted + 1
    inverse = 1 / (shifted * shifted)
    series = inverse * (1 / 12 - inverse * (1 / 120 - inverse / 252))
    digamma: NDArray[np.float32] = (np.log(shifted) - 0.5 / shifted - series - below).astype(
        np.float32
    )
    return digamma


def _assigned(mixture: NDArray[np.float32], *, known: int, words: int) -> Assigned:
    topic = int(mixture.argmax())
    probability = round(float(mixture[topic]), 4)
    fits = (
        known >= LEAST_KNOWN
        and known >= LEAST_KNOWN_SHARE * words
        and probability >= LEAST_PROBABILITY
    )
    return Assigned(topic if fits else None, probability)
