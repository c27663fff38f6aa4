"""From windows to one answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.encoder.backend import Prepared, Window
from nlp.encoder.manifest import Head
from nlp.encoder.pooling import averaged, mean_vector, read, worst

HEAD = Head(labels=("negative", "neutral", "positive"))
ROWS = st.lists(
    st.tuples(*[st.floats(-20, 20, width=32)] * 3, st.integers(1, 160)), min_size=1, max_size=8
)


def split(rows: list[tuple[float, float, float, int]]) -> tuple[np.ndarray, list[int]]:
    return np.array([row[:3] for row in rows], np.float32), [row[3] for row in rows]


@given(rows=ROWS)
def test_an_average_lies_between_its_windows(rows: list[tuple[float, float, float, int]]) -> None:
    logits, tokens = split(rows)
    differences = logits[:, 0] - logits[:, 2]
    found = averaged(HEAD, logits, tokens)
    assert sum(found) == pytest.approx(1)
    pooled = np.log(found[0]) - np.log(found[2])
    assert differences.min() - 1e-3 <= pooled <= differences.max() + 1e-3


@given(rows=ROWS)
def test_the_worst_is_that_of_some_window(rows: list[tuple[float, float, float, int]]) -> None:
    logits, tokens = split(rows)
    each = [worst(HEAD, logits[place : place + 1], [1]) for place in range(len(rows))]
    assert worst(HEAD, logits, tokens) == [max(column) for column in zip(*each, strict=True)]


def test_a_long_window_counts_for_more() -> None:
    logits = np.array([[3, 0, 0], [0, 0, 3]], np.float32)
    found = averaged(HEAD, logits, [150, 10])
    assert found[0] > 0.8


@given(rows=ROWS)
def test_a_vector_has_length_one(rows: list[tuple[float, float, float, int]]) -> None:
    vectors, tokens = split(rows)
    vectors[:, 0] = 25  # never opposite, never nothing
    assert np.linalg.norm(mean_vector(vectors, tokens)) == pytest.approx(1, abs=1e-4)


def test_a_vector_of_nothing_stays_nothing() -> None:
    assert mean_vector(np.zeros((1, 3), np.float32), [4]).tolist() == [0, 0, 0]


def test_the_size_of_a_windows_vector_does_not_count() -> None:
    vectors = np.array([[100, 0], [0, 1]], np.float32)
    assert mean_vector(vectors, [5, 5]).tolist() == pytest.approx([0.5**0.5] * 2)


def test_the_companion_moves_a_windows_decision() -> None:
    prepared = Prepared("x", (Window(np.zeros(4, np.int64)),))
    outputs = {"abuse": np.array([[1, 0]], np.float32)}
    heads = {"abuse": Head(labels=("clean", "abusive"))}
    extra = {"abuse": np.array([0, 1], np.float32)}
    assert read(heads, prepared, outputs, companion=extra).abuse == pytest.approx(0.5)
