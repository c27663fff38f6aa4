"""Hashed character n-grams."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.targeted.ngrams import ngram_buckets
from nlp.targeted.slots import GAP

_MANY = 1 << 30
_SHIPPED = [41469, 55086, 61122]


def test_distinct_ngrams_of_each_order() -> None:
    assert len(ngram_buckets("甲乙甲乙", orders=(1, 2), salt=0, buckets=_MANY)) == 2 + 2


def test_a_text_shorter_than_the_order_has_none() -> None:
    assert len(ngram_buckets("甲", orders=(2, 3), salt=0, buckets=_MANY)) == 0
    assert len(ngram_buckets("", orders=(1,), salt=0, buckets=_MANY)) == 0


def test_no_ngram_reaches_over_a_gap() -> None:
    parted = ngram_buckets(f"甲乙{GAP}丙丁", orders=(2, 3), salt=0, buckets=_MANY)

    whole = ngram_buckets("甲乙", orders=(2,), salt=0, buckets=_MANY)
    other = ngram_buckets("丙丁", orders=(2,), salt=0, buckets=_MANY)
    assert parted.tolist() == sorted([*whole.tolist(), *other.tolist()])


def test_a_salt_parts_the_views() -> None:
    one = ngram_buckets("甲乙丙", orders=(1, 2), salt=1, buckets=_MANY)
    two = ngram_buckets("甲乙丙", orders=(1, 2), salt=2, buckets=_MANY)

    assert not set(one.tolist()) & set(two.tolist())


def test_the_hashing_is_that_of_the_shipped_weights() -> None:
    assert ngram_buckets("云帆", orders=(1, 2), salt=1, buckets=1 << 16).tolist() == _SHIPPED


@settings(max_examples=60)
@given(st.text(max_size=30), st.integers(1, 500))
def test_buckets_are_sorted_and_inside(text: str, buckets: int) -> None:
    found = ngram_buckets(text, orders=(1, 2, 3, 4), salt=3, buckets=buckets)

    assert np.all(np.diff(found) > 0)
    assert np.all((found >= 0) & (found < buckets))
