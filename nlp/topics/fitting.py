"""From posts to described topics: the one way in, with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nlp.topics.assignment import assign, mix
from nlp.topics.coherence import coherence, diversity
from nlp.topics.errors import NothingToLearn
from nlp.topics.labels import Topic, describe, relevant_terms
from nlp.topics.lda import Priors, learn, learn_on
from nlp.topics.model import TopicModel
from nlp.topics.pooling import Document, Pooling, pools
from nlp.topics.post import TopicPost, distinct
from nlp.topics.progress import FitStage, Tell, go_on
from nlp.topics.vocabulary import Counts, Vocabulary, learn_vocabulary, widened

ItemT = TypeVar("ItemT")

LEAST_POSTS = 10
MOST_TOPICS = 200
DOCUMENTS_A_TOPIC = 10
"""Fewer and larger documents would all be mixtures: then each post stands alone."""
PASSES = 5
_JUDGED = 5_000
"""Posts that coherence is measured on."""
_TRIED = 3_000
"""Documents that a number of topics is tried on."""
_TRIAL_PASSES = 3
_MOST_TRIALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class FitOptions:
    """How to fit. `topics` None chooses by coherence between `lowest` and `highest`."""

    topics: int | None = None
    lowest: int = 10
    highest: int = 50
    pooling: Pooling = Pooling.LIKENESS
    passes: int = PASSES
    seed: int = 1
    priors: Priors = field(default_factory=Priors)


@dataclass(frozen=True, slots=True)
class Trial:
    """The coherence of a number of topics, measured on a sample."""

    topics: int
    coherence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A model and what is to be known of it. `posts` were given, `distinct` differ and have words,
    `documents` were made of them; `unfitting` is the share of these that no topic fits.
    """

    model: TopicModel
    topics: tuple[Topic, ...]
    posts: int
    distinct: int
    documents: int
    pooling: Pooling
    coherence: float
    diversity: float
    unfitting: float
    trials: tuple[Trial, ...] = ()


def fit_topics(
    posts: Sequence[TopicPost], options: FitOptions, *, tell: Tell = lambda _: True
) -> Fit:
    """Fit topics on posts, in their order; the same input gives the same output.

    Copies count once. Where pooling leaves few documents to a topic, each post stands alone.
    Raises NothingToLearn, FitCancelled.
    """
    different = distinct(posts)
    wanted = options.topics or options.lowest
    _require_enough(different, topics=wanted, given=len(posts))
    vocabulary = learn_vocabulary([post.words for post in different])
    pooling, documents = _documents(different, vocabulary, options, topics=wanted, tell=tell)
    trials: tuple[Trial, ...] = ()
    if options.topics is None:
        trials = _trials(documents, different, vocabulary, options, tell=tell)
        wanted = max(trials, key=lambda trial: (trial.coherence, -trial.topics)).topics
    learned = learn(
        documents,
        words=len(vocabulary),
        topics=wanted,
        priors=options.priors,
        seed=options.seed,
        passes=options.passes,
        tell=lambda done: go_on(tell, FitStage.LEARNING, done, len(documents) * options.passes),
    )
    model = TopicModel(
        vocabulary=vocabulary,
        learned=learned,
        priors=options.priors,
        documents=len(documents),
    )
    return _described(model, posts, different, pooling=pooling, trials=trials, tell=tell)


def update_topics(
    model: TopicModel,
    posts: Sequence[TopicPost],
    options: FitOptions,
    *,
    tell: Tell = lambda _: True,
) -> Fit:
    """Go on from a model with new posts: its topics stay what they are and take up what is new.

    Words that the model lacks are taken in; where there are too many, the rarest go. Raises
    NothingToLearn, FitCancelled.
    """
    different = distinct(posts)
    _require_enough(different, topics=1, given=len(posts))
    vocabulary = widened(model.vocabulary, [post.words for post in different])
    pooling, documents = _documents(different, vocabulary, options, topics=1, tell=tell)
    there = set(vocabulary.words)
    kept = [place for place, word in enumerate(model.vocabulary.words) if word in there]
    before = np.pad(model.learned[:, kept], ((0, 0), (0, len(vocabulary) - len(kept))))
    learned = learn_on(
        before,
        documents,
        priors=model.priors,
        seed=options.seed,
        tell=lambda done: go_on(tell, FitStage.LEARNING, done, len(documents)),
    )
    updated = TopicModel(
        vocabulary=vocabulary,
        learned=learned,
        priors=model.priors,
        documents=model.documents + len(documents),
    )
    return _described(updated, posts, different, pooling=pooling, trials=(), tell=tell)


def candidates(lowest: int, highest: int) -> tuple[int, ...]:
    """Up to six numbers of topics from lowest to highest, in even ratios."""
    spaced = np.geomspace(lowest, highest, num=_MOST_TRIALS)
    return tuple(sorted({round(float(number)) for number in spaced}))


def _require_enough(different: Sequence[TopicPost], *, topics: int, given: int) -> None:
    least = max(LEAST_POSTS, topics)
    if len(different) < least:
        raise NothingToLearn(
            f"{topics} topics need at least {least} different posts with words of content; of "
            f"{given} posts there are {len(different)}: take a longer time or fewer topics"
        )


def _documents(
    posts: Sequence[TopicPost],
    vocabulary: Vocabulary,
    options: FitOptions,
    *,
    topics: int,
    tell: Tell,
) -> tuple[Pooling, list[Counts]]:
    """The posts pooled, as counts of known words; documents without any are left out."""
    go_on(tell, FitStage.POOLING, 0, len(posts))
    pooling = options.pooling
    found = pools(posts, pooling)
    if len(found) < DOCUMENTS_A_TOPIC * topics:
        pooling, found = Pooling.NONE, pools(posts, Pooling.NONE)
    go_on(tell, FitStage.POOLING, len(posts), len(posts))
    counted = (vocabulary.counts(_words(posts, document)) for document in found)
    return pooling, [counts for counts in counted if counts]


def _words(posts: Sequence[TopicPost], document: Document) -> list[str]:
    return [word for place in document for word in posts[place].words]


def _trials(
    documents: Sequence[Counts],
    posts: Sequence[TopicPost],
    vocabulary: Vocabulary,
    options: FitOptions,
    *,
    tell: Tell,
) -> tuple[Trial, ...]:
    numbers = [
        number
        for number in candidates(options.lowest, options.highest)
        if number <= max(options.lowest, len(posts))
    ]
    sample = _spaced(documents, _TRIED)
    judged = [post.words for post in _spaced(posts, _JUDGED)]
    found = []
    for turn, number in enumerate(numbers):
        go_on(tell, FitStage.CHOOSING, turn, len(numbers))
        learned = learn(
            sample,
            words=len(vocabulary),
            topics=number,
            priors=options.priors,
            seed=options.seed,
            passes=_TRIAL_PASSES,
            tell=partial(_still_choosing, tell, turn, len(numbers)),
        )
        model = TopicModel(
            vocabulary=vocabulary, learned=learned, priors=options.priors, documents=len(sample)
        )
        found.append(Trial(number, _measured(model, judged)))
    return tuple(found)


def _still_choosing(tell: Tell, turn: int, of: int, _read: int) -> None:
    go_on(tell, FitStage.CHOOSING, turn, of)


def _described(
    model: TopicModel,
    posts: Sequence[TopicPost],
    different: Sequence[TopicPost],
    *,
    pooling: Pooling,
    trials: tuple[Trial, ...],
    tell: Tell,
) -> Fit:
    go_on(tell, FitStage.DESCRIBING, 0, 1)
    words = [post.words for post in different]
    mixtures: NDArray[np.float32] = mix(model, [model.vocabulary.counts(each) for each in words])
    topics = describe(model, mixtures, posts=words, ids=[post.id for post in different])
    fit = Fit(
        model=model,
        topics=topics,
        posts=len(posts),
        distinct=len(different),
        documents=model.documents,
        pooling=pooling,
        coherence=_measured(model, _spaced(words, _JUDGED)),
        diversity=round(diversity([[term.word for term in topic.terms] for topic in topics]), 4),
        unfitting=round(_unfitting(model, words), 4),
        trials=trials,
    )
    go_on(tell, FitStage.DESCRIBING, 1, 1)
    return fit


def _measured(model: TopicModel, posts: Sequence[Sequence[str]]) -> float:
    terms = [[term.word for term in topic] for topic in relevant_terms(model)]
    return round(coherence(terms, posts), 4)


def _unfitting(model: TopicModel, words: Sequence[Sequence[str]]) -> float:
    found = assign(model, words)
    return sum(each.topic is None for each in found) / len(found)


def _spaced(items: Sequence[ItemT], most: int) -> list[ItemT]:
    """At most that many items, evenly spaced."""
    step = max(1, -(-len(items) // most))
    return list(items[::step])
