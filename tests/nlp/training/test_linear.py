"""The n-gram model: features, two and three labels, and the int8 form that the service reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("sklearn")

from nlp.encoder import Companion, ngram_buckets
from nlp.encoder.ngrams import read_ngrams
from nlp.training import linear
from nlp.training.corpora import LABELS, PUBLIC, UNLABELLED, Row

_WORDS = {
    "sentiment": ("太差了", "一般般", "好极了"),
    "emotion": ("嗯", "开心", "气死我", "难过", "害怕", "没想到", "恶心"),
    "abuse": ("你说得对", "你这蠢货"),
}
ROWS = [
    Row(f"{thing}{word}", task, "x", label)
    for task, words in _WORDS.items()
    for label, word in enumerate(words)
    for thing in ("房间", "早餐", "屏幕")
]


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    rows = [*ROWS, Row("无人判断", "", "unlabelled", UNLABELLED)]
    return linear.train(rows, linear.features([row.text for row in rows]))


def test_a_text_is_its_distinct_ngrams_at_unit_length() -> None:
    matrix = linear.features(["好好好", ""])
    found = ngram_buckets("好好好", buckets=linear.BUCKETS, orders=linear.ORDERS)
    assert matrix.shape == (2, linear.BUCKETS)
    assert matrix[0].indices.tolist() == found.tolist()
    assert float((matrix[0].data ** 2).sum()) == pytest.approx(1.0)
    assert matrix[1].nnz == 0


@pytest.mark.parametrize("task", PUBLIC)
def test_the_words_that_decide_are_learnt(weights: dict[str, np.ndarray], task: str) -> None:
    held = [row for row in ROWS if row.task == task]
    said = linear.logits(weights, linear.features([f"物流{row.text[2:]}" for row in held]))[task]
    assert said.shape == (len(held), len(LABELS[task]))
    assert said.argmax(1).tolist() == [row.label for row in held]


def test_two_labels_are_told_apart_by_their_difference(weights: dict[str, np.ndarray]) -> None:
    clean, abusive = weights["abuse"]
    assert np.array_equal(clean, -abusive)


def test_what_is_saved_decides_as_what_was_trained(
    weights: dict[str, np.ndarray], tmp_path: Path
) -> None:
    linear.save(weights, tmp_path / linear.FILE)
    matrix = linear.features([row.text for row in ROWS])
    whole = linear.logits(weights, matrix)
    for task, values in linear.rounded_logits(tmp_path / linear.FILE, matrix).items():
        held = [place for place, row in enumerate(ROWS) if row.task == task]
        assert np.array_equal(values[held].argmax(1), whole[task][held].argmax(1))


def test_the_service_adds_what_calibration_was_told(
    weights: dict[str, np.ndarray], tmp_path: Path
) -> None:
    path = tmp_path / linear.FILE
    linear.save(weights, path)
    companion = Companion(
        file=linear.FILE,
        buckets=linear.BUCKETS,
        orders=linear.ORDERS,
        weights={"sentiment": 0.5, "abuse": 1.0},
    )
    model = read_ngrams(path, companion=companion, labels={"sentiment": 3, "abuse": 2})
    told = linear.rounded_logits(path, linear.features(["房间太差了"]))
    served = model.log_odds("房间太差了")
    assert served["abuse"] == pytest.approx(told["abuse"][0], abs=1e-5)
    assert served["sentiment"] == pytest.approx(0.5 * told["sentiment"][0], abs=1e-5)
