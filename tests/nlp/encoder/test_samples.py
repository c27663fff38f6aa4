"""The sample texts as inputs of a graph."""

from __future__ import annotations

import numpy as np

from nlp.encoder.samples import TEXTS, sample_feeds
from tests.support.tiny_model import tokenizer


def test_every_text_is_an_input_of_its_own_cut_to_the_window() -> None:
    feeds = sample_feeds(tokenizer(), longest=9)
    assert len(feeds) == len(TEXTS) == len(set(TEXTS))
    for feed in feeds:
        assert feed.keys() == {"input_ids", "attention_mask"}
        assert feed["input_ids"].dtype == np.int64
        assert 1 <= feed["input_ids"].shape[1] <= 9
        assert feed["attention_mask"].all()
