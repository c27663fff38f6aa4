"""A fitted model: its words, what each topic is made of, and how to keep it as bytes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlp.topics.errors import BadTopicModel
from nlp.topics.lda import Learned, Priors
from nlp.topics.vocabulary import Vocabulary

FORMAT = 1
_SEPARATOR = "\n"
_MOST_CELLS = 40_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TopicModel:
    """Topics are numbered from 0. `learned` is what an update goes on from.

    `shares` is (topics, words), float32, each row the topic's distribution over words, sum 1.
    `documents` is how many it was learned from.
    """

    vocabulary: Vocabulary
    learned: Learned
    priors: Priors
    documents: int
    shares: NDArray[np.float32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        raised = self.learned + np.float32(self.priors.eta)
        object.__setattr__(self, "shares", raised / raised.sum(axis=1, keepdims=True))

    @property
    def topics(self) -> int:
        """How many there are."""
        return int(self.learned.shape[0])


def dump_model(model: TopicModel) -> bytes:
    """The model as bytes: plain arrays, nothing that runs when it is read. Equal for equal ones.

    Raises BadTopicModel for one that is too large to be read again.
    """
    if model.learned.size > _MOST_CELLS:
        topics, words = model.learned.shape
        raise BadTopicModel(
            f"a topic model of {topics} topics and {words:,} words is too large: fewer topics"
        )
    out = io.BytesIO()
    vocabulary = model.vocabulary
    np.savez_compressed(
        out,
        allow_pickle=False,
        format=np.int64(FORMAT),
        words=np.frombuffer(_SEPARATOR.join(vocabulary.words).encode(), dtype=np.uint8),
        posts=np.asarray(vocabulary.posts, dtype=np.int64),
        of=np.int64(vocabulary.of),
        learned=model.learned.astype(np.float32),
        priors=np.asarray([model.priors.alpha, model.priors.eta], dtype=np.float64),
        documents=np.int64(model.documents),
    )
    return out.getvalue()


def load_model(content: bytes) -> TopicModel:
    """The model of `dump_model`'s bytes. Raises BadTopicModel."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as parts:
            if int(parts["format"]) != FORMAT:
                raise BadTopicModel(
                    f"the topic model has format {int(parts['format'])}, this Fengsui reads "
                    f"{FORMAT}: fit a new one"
                )
            words = tuple(parts["words"].tobytes().decode().split(_SEPARATOR))
            alpha, eta = (float(value) for value in parts["priors"])
            model = TopicModel(
                vocabulary=Vocabulary(
                    words=words,
                    posts=tuple(int(count) for count in parts["posts"]),
                    of=int(parts["of"]),
                ),
                learned=parts["learned"].astype(np.float32),
                priors=Priors(alpha=alpha, eta=eta),
                documents=int(parts["documents"]),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise BadTopicModel(f"the topic model is damaged ({error}): fit a new one") from error
    _require_whole(model)
    return model


def _require_whole(model: TopicModel) -> None:
    words = len(model.vocabulary.words)
    whole = (
        model.learned.ndim == 2
        and model.learned.shape[0] >= 1
        and model.learned.shape[1] == words == len(model.vocabulary.posts)
        and model.learned.size <= _MOST_CELLS
        and bool(np.isfinite(model.learned).all())
        and bool((model.learned >= 0).all())
        and model.priors.alpha > 0
        and model.priors.eta > 0
    )
    if not whole:
        raise BadTopicModel("the topic model's parts do not fit together: fit a new one")
