"""Figures against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.training.scores import accuracy, calibration_error, interval, macro_f1, macro_recall

GOLD = np.array([0, 0, 0, 1, 1, 2])
SAID = np.array([0, 0, 1, 1, 2, 1])


def test_accuracy_is_the_share_decided_as_labelled() -> None:
    assert accuracy(GOLD, SAID) == pytest.approx(3 / 6)


def test_macro_f1_is_the_mean_over_labels() -> None:
    # Label 0: precision 1, recall 2/3. Label 1: 1/3, 1/2. Label 2: never right.
    assert macro_f1(GOLD, SAID) == pytest.approx((0.8 + 0.4 + 0.0) / 3)


def test_macro_f1_leaves_out_labels_that_never_occur() -> None:
    assert macro_f1(np.array([0, 0]), np.array([0, 5])) == pytest.approx(2 / 3)


def test_macro_recall_is_the_mean_over_labels() -> None:
    assert macro_recall(GOLD, SAID) == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)


def test_calibration_error_weighs_the_gap_of_each_bin() -> None:
    chances = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    gold = np.array([0, 1, 0, 0])
    assert calibration_error(chances, gold) == pytest.approx(0.5 * 0.4 + 0.5 * 0.4)


def test_certainty_that_is_right_costs_nothing() -> None:
    assert calibration_error(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 1])) == 0.0


def test_the_interval_holds_the_figure_and_narrows_with_rows() -> None:
    gold = np.tile([0, 1], 20)
    said = gold.copy()
    said[:8] = 1 - said[:8]
    low, high = interval(accuracy, gold, said)
    assert low < 0.8 < high
    wide = interval(accuracy, np.tile(gold, 9), np.tile(said, 9))
    assert wide[1] - wide[0] < (high - low) / 2


def test_the_interval_is_the_same_every_time() -> None:
    assert interval(macro_f1, GOLD, SAID) == interval(macro_f1, GOLD, SAID)
