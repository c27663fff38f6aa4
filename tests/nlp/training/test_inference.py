"""Many texts through a network: in their order, whatever batches they went in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from nlp.training.inference import logits_of

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace


def test_answers_are_in_the_order_of_the_texts(space: Workspace) -> None:
    network, tokenizer = space.finished("teacher")
    texts = ["房间好极了" * 3, "差", "物流太差了", "你这蠢货和早餐"]
    all_of, vectors = logits_of(
        network, tokenizer, texts, longest=32, batch_tokens=20, full_precision=True
    )
    for place, text in enumerate(texts):
        alone, vector = logits_of(network, tokenizer, [text], longest=32, full_precision=True)
        assert np.allclose(all_of["sentiment"][place], alone["sentiment"][0], atol=1e-4)
        assert np.allclose(vectors[place], vector[0], atol=1e-4)


def test_half_precision_says_nearly_the_same(space: Workspace) -> None:
    network, tokenizer = space.finished("teacher")
    texts = ["房间好极了", "物流太差了"]
    whole, _ = logits_of(network, tokenizer, texts, longest=32, full_precision=True)
    half, _ = logits_of(network, tokenizer, texts, longest=32)
    assert not np.array_equal(whole["sentiment"], half["sentiment"])
    assert np.allclose(whole["sentiment"], half["sentiment"], atol=0.1)


def test_a_text_is_cut_at_the_longest(space: Workspace) -> None:
    network, tokenizer = space.finished("teacher")
    long, cut = "好差蠢" * 40, "好差蠢" * 20
    both, _ = logits_of(network, tokenizer, [long, cut], longest=16)
    assert np.array_equal(both["abuse"][0], both["abuse"][1])
