"""Texts as they may leave."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp import normalize
from nlp.pii import masked


def test_what_identifies_somebody_is_masked() -> None:
    assert masked("打13812345678找陈女士") == "打138****5678找陈女士"


def test_a_text_that_was_normalised_already() -> None:
    normal = normalize("电话１３８１２３４５６７８")
    assert masked(normal) == masked("电话１３８１２３４５６７８") != normal.original


@given(st.text(max_size=80))
def test_lengths_stay_for_any_string(text: str) -> None:
    assert len(masked(text)) == len(text)
