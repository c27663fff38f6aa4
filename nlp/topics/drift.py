"""How far topics have moved between two models, and which are new or gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.topics.model import TopicModel

SAME = 0.6
"""Distance up to which two topics are one; two fits of the same posts stay below it."""


@dataclass(frozen=True, slots=True)
class Match:
    """A topic of the later model, the one of the earlier that it continues, and their distance."""

    topic: int
    before: int
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """`new` are topics of the later model without a forerunner, `gone` those of the earlier that
    nothing continues; `mean` is the mean distance of what was paired, both included."""

    matches: tuple[Match, ...]
    new: tuple[int, ...]
    gone: tuple[int, ...]
    mean: float


def drift(before: TopicModel, after: TopicModel) -> Drift:
    """Pair the topics so that the distances are least in all (Hungarian method), and compare.

    The distance is the square root of the Jensen–Shannon divergence in bits, in [0, 1], over the
    words of both (Endres & Schindelin 2003). Pairs beyond SAME are no continuation.
    """
    from scipy.optimize import linear_sum_assignment

    distances = _distances(*_on_one_vocabulary(before, after))
    rows, columns = linear_sum_assignment(distances)
    pairs = [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]
    matches = tuple(
        Match(topic=column, before=row, distance=round(float(distances[row, column]), 4))
        for row, column in sorted(pairs, key=lambda pair: pair[1])
        if distances[row, column] <= SAME
    )
    continued = {match.topic for match in matches}
    kept = {match.before for match in matches}
    return Drift(
        matches=matches,
        new=tuple(topic for topic in range(after.topics) if topic not in continued),
        gone=tuple(topic for topic in range(before.topics) if topic not in kept),
        mean=round(float(np.mean([distances[pair] for pair in pairs])), 4),
    )


def _on_one_vocabulary(
    before: TopicModel, after: TopicModel
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both as (topics, words) over the words of either; a word that one lacks has share 0 there."""
    places = {word: place for place, word in enumerate(before.vocabulary.words)}
    for word in after.vocabulary.words:
        places.setdefault(word, len(places))
    spread = []
    for model in (before, after):
        shares = np.zeros((model.topics, len(places)))
        shares[:, [places[word] for word in model.vocabulary.words]] = model.shares
        spread.append(shares)
    return spread[0], spread[1]


def _distances(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    distances = np.empty((len(before), len(after)))
    for row, shares in enumerate(before):
        middle = (after + shares) / 2
        distances[row] = (_kl(shares[None, :], middle) + _kl(after, middle)) / 2
    return np.sqrt(np.clip(distances, 0, 1))


def _kl(shares: NDArray[np.float64], against: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kullback–Leibler divergence of each row, in bits; 0 log 0 is 0."""
    shares = np.broadcast_to(shares, against.shape)
    held = shares > 0
    logs = np.log2(np.divide(shares, against, where=held, out=np.ones_like(against)))
    divergence: NDArray[np.float64] = (shares * logs).sum(axis=1)
    return divergence
