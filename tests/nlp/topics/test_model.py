"""Models as bytes."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.topics import BadTopicModel, TopicModel, dump_model, load_model
from nlp.topics.lda import Priors
from nlp.topics.vocabulary import Vocabulary

MODEL = TopicModel(
    vocabulary=Vocabulary(words=("酸奶", "手机", "快递"), posts=(5, 4, 2), of=9),
    learned=np.array([[9, 0, 1], [0, 7, 2.5]], dtype=np.float32),
    priors=Priors(alpha=0.2, eta=0.05),
    documents=6,
)


def test_there_and_back() -> None:
    read = load_model(dump_model(MODEL))
    assert read.vocabulary == MODEL.vocabulary
    assert (read.priors, read.documents, read.topics) == (MODEL.priors, 6, 2)
    assert np.array_equal(read.learned, MODEL.learned)
    assert read.shares.sum(axis=1) == pytest.approx([1, 1], abs=1e-6)
    assert dump_model(read) == dump_model(MODEL)


def remade(**changes: Any) -> bytes:
    with np.load(io.BytesIO(dump_model(MODEL))) as parts:
        arrays = {name: parts[name] for name in parts.files} | changes
    out = io.BytesIO()
    np.savez_compressed(out, **{name: value for name, value in arrays.items() if value is not None})
    return out.getvalue()


@pytest.mark.parametrize(
    "changes",
    [
        {"format": np.int64(9)},
        {"learned": None},
        {"learned": np.ones((2, 4), dtype=np.float32)},
        {"learned": np.ones(3, dtype=np.float32)},
        {"learned": np.full((2, 3), np.nan, dtype=np.float32)},
        {"learned": np.full((2, 3), -1, dtype=np.float32)},
        {"posts": np.array([1, 2])},
        {"priors": np.array([0.0, 0.1])},
        {"priors": np.array([0.1])},
        {"words": np.array([255, 255, 10, 66, 10, 67], dtype=np.uint8)},
        {"words": np.array([{}], dtype=object)},
    ],
)
def test_what_does_not_fit_together_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadTopicModel, match="fit a new one"):
        load_model(remade(**changes))


@settings(max_examples=60)
@given(cut=st.integers(0, 400), junk=st.binary(max_size=30))
def test_damaged_bytes_are_refused(cut: int, junk: bytes) -> None:
    whole = dump_model(MODEL)
    with pytest.raises(BadTopicModel):
        load_model(whole[: min(cut, len(whole) - 30)] + junk)


def test_what_could_not_be_read_again_is_not_written() -> None:
    words = tuple(f"w{n}" for n in range(41_000))
    large = TopicModel(
        vocabulary=Vocabulary(words=words, posts=(5,) * len(words), of=9),
        learned=np.broadcast_to(np.ones(1, dtype=np.float32), (1_000, len(words))),
        priors=Priors(),
        documents=6,
    )
    with pytest.raises(BadTopicModel, match="1000 topics and 41,000 words is too large"):
        dump_model(large)
