"""Latent Dirichlet allocation (Blei, Ng & Jordan 2003), learned online (Hoffman, Blei & Bach 2010).

The learning is gensim's, in one worker. It comes in with the first fit: importing it takes two
seconds, and nothing that only assigns posts to topics needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.topics.start import first_topics
from nlp.topics.vocabulary import Counts

CHUNK = 256
"""Documents between two looks at the topics."""
_ITERATIONS = 50

Learned = NDArray[np.float32]
"""(topics, words): how many words of the documents each topic is credited with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priors:
    """Of the topics of a document, and of the words of a topic; both symmetric."""

    alpha: float = 0.1
    eta: float = 0.01


class Passing:
    """Documents that tell how many of them have been read, over all passes.

    `tell` may raise, which ends the fit there.
    """

    def __init__(self, documents: Sequence[Counts], *, tell: Callable[[int], None]) -> None:
        self._documents = documents
        self._tell = tell
        self._read = 0

    def __len__(self) -> int:
        return len(self._documents)

    def __iter__(self) -> Iterator[Counts]:
        for document in self._documents:
            if self._read % 200 == 0:
                self._tell(self._read)
            self._read += 1
            yield document


def chunk_of(documents: int, *, passes: int) -> int:
    """Documents between two looks: about CHUNK, and so few that there are ten looks and more.

    All of them equal, but for the last one's rounding: gensim gives a last chunk of one document
    the weight of a whole one.
    """
    wanted = max(1, min(CHUNK, documents * passes // 12))
    parts = max(1, documents // wanted)
    return max(1, -(-documents // parts))


def learn(
    documents: Sequence[Counts],
    *,
    words: int,
    topics: int,
    priors: Priors,
    seed: int,
    passes: int,
    tell: Callable[[int], None],
) -> Learned:
    """Learn topics of documents. The same input gives the same output.

    `tell` hears how many documents were read, over all passes, and may raise to stop.
    """
    chunk = chunk_of(len(documents), passes=passes)
    model = _model(words, topics=topics, priors=priors, seed=seed, passes=passes, chunk=chunk)
    begun = first_topics(documents, words=words, topics=topics, seed=seed)
    model.state.sstats = begun
    # As after one pass: the first look must not replace what learning begins with.
    model.num_updates = len(documents)
    model.sync_state()
    model.update(Passing(documents, tell=tell))
    learned: Learned = np.asarray(model.state.sstats, dtype=np.float32)
    return learned


def learn_on(
    before: Learned,
    documents: Sequence[Counts],
    *,
    priors: Priors,
    seed: int,
    tell: Callable[[int], None],
) -> Learned:
    """What was learned `before` with new documents added, each counting as much as an old one.

    What a chunk has taught is the prior of the next (streaming variational Bayes: Broderick et al.
    2013), so that little news moves little; gensim's own `update` would forget at a fixed rate.
    """
    topics, words = before.shape
    model = _model(words, topics=topics, priors=priors, seed=seed, passes=1, chunk=CHUNK)
    learned = before.astype(np.float32)
    for start in range(0, len(documents), CHUNK):
        tell(start)
        model.state.sstats = learned
        model.sync_state()
        _, taught = model.inference(documents[start : start + CHUNK], collect_sstats=True)
        learned = learned + np.asarray(taught, dtype=np.float32)
    return learned


def _model(words: int, *, topics: int, priors: Priors, seed: int, passes: int, chunk: int) -> Any:
    from gensim.models.ldamodel import LdaModel

    # The names of the words are ours to know: gensim asks only how many there are.
    return LdaModel(
        id2word=dict.fromkeys(range(words), ""),
        num_topics=topics,
        chunksize=chunk,
        passes=passes,
        iterations=_ITERATIONS,
        alpha=np.full(topics, priors.alpha, dtype=np.float32),
        eta=priors.eta,
        eval_every=None,
        random_state=np.random.RandomState(seed),
        dtype=np.float32,
    )
