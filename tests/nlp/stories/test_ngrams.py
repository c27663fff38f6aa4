from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.stories import ngram_vector
from nlp.stories.ngrams import WIDTH


def test_like_texts_are_near_and_others_are_not() -> None:
    one = ngram_vector("青柚茶里喝出玻璃碎片，孩子嘴唇被割破")
    like = ngram_vector("听说青柚茶里喝出玻璃碎片，孩子嘴唇割破了")
    other = ngram_vector("周末去爬山，路上买了一杯咖啡")

    assert one @ like > 0.6
    assert abs(one @ other) < 0.2


@pytest.mark.parametrize("text", ["", "！！！", "转发微博", "好"])
def test_what_says_nothing_is_zero(text: str) -> None:
    assert not ngram_vector(text).any()


@given(st.text(max_size=60))
def test_any_text_has_a_unit_vector_or_zeros(text: str) -> None:
    vector = ngram_vector(text)

    assert vector.shape == (WIDTH,)
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5) or not vector.any()
