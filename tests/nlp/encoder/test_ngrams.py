"""Hashed character n-grams."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.encoder.ngrams import NgramHead, NgramModel, ngram_buckets

TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
# Worked out once with integers of unlimited size.
PINNED = [40910, 52955, 115486, 136469, 143167, 157562, 182544]
ORDERS = st.sets(st.integers(1, 6), min_size=1).map(sorted)


@given(text=TEXT, orders=ORDERS, bits=st.integers(1, 32))
def test_buckets_are_distinct_ascending_and_in_range(
    text: str, orders: list[int], bits: int
) -> None:
    found = ngram_buckets(text, buckets=1 << bits, orders=orders)
    assert found.dtype == np.int64
    assert np.all(np.diff(found) > 0)
    assert np.all((found >= 0) & (found < 1 << bits))


@given(text=st.text(max_size=30), orders=ORDERS)
def test_each_ngram_has_the_bucket_it_has_alone(text: str, orders: list[int]) -> None:
    grams = {
        text[start : start + order] for order in orders for start in range(len(text) - order + 1)
    }
    alone = {
        int(bucket)
        for gram in grams
        for bucket in ngram_buckets(gram, buckets=1 << 32, orders=[len(gram)])
    }
    assert set(ngram_buckets(text, buckets=1 << 32, orders=orders).tolist()) == alone


def test_the_hash_never_changes() -> None:
    # Shipped weights are looked up by it.
    assert ngram_buckets("好差ab", buckets=1 << 18, orders=[1, 2]).tolist() == PINNED


def test_many_ngrams_spread_evenly() -> None:
    # 40,000 pairs of near code points, all different.
    pairs = (chr(0x4E00 + place // 200) + chr(0x5E00 + place % 200) for place in range(40_000))
    found = {int(ngram_buckets(pair, buckets=1 << 18, orders=[2])[0]) for pair in pairs}
    # 40,000 balls thrown in 262,144 bins at random fill 37,098 of them, give or take 52.
    assert len(found) > 36_900
    assert abs(sum(found) / len(found) / (1 << 18) - 0.5) < 0.01


def test_orders_do_not_share_their_buckets() -> None:
    first = ngram_buckets("\x00\x00", buckets=1 << 32, orders=[1])
    second = ngram_buckets("\x00\x00", buckets=1 << 32, orders=[2])
    assert set(first.tolist()).isdisjoint(second.tolist())


def test_a_text_shorter_than_every_order_has_no_bucket() -> None:
    assert ngram_buckets("ab", buckets=16, orders=[3, 4]).tolist() == []


@pytest.mark.parametrize("buckets", [0, 1, 3, 1 << 33])
def test_other_numbers_of_buckets_are_refused(buckets: int) -> None:
    with pytest.raises(ValueError, match="no power of two"):
        ngram_buckets("a", buckets=buckets, orders=[1])


def test_log_odds_are_the_sum_over_the_root_of_the_number_of_buckets() -> None:
    text, orders = "甲乙丙丁", (1, 2)
    rows = np.zeros((1 << 10, 2), np.int8)
    found = ngram_buckets(text, buckets=1 << 10, orders=orders)
    rows[found] = [100, -3]
    head = NgramHead(rows, np.array([0.5, 2.0], np.float32), np.array([0.25, 0.0], np.float32))
    model = NgramModel(1 << 10, orders, {"sentiment": 0.4}, {"sentiment": head})
    root = len(found) ** 0.5
    expected = [0.4 * (100 * 0.5 * root + 0.25), 0.4 * (-3 * 2.0 * root)]
    assert model.log_odds(text)["sentiment"].tolist() == pytest.approx(expected, rel=1e-5)


def test_an_empty_text_has_the_intercept_alone() -> None:
    head = NgramHead(np.ones((16, 2), np.int8), np.ones(2, np.float32), np.ones(2, np.float32))
    model = NgramModel(16, (1,), {"abuse": 0.5}, {"abuse": head})
    assert model.log_odds("")["abuse"].tolist() == [0.5, 0.5]
