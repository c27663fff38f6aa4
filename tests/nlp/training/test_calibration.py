"""Scale and biases fitted on rows whose true chances are known."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy")

from nlp.training.calibration import Scaling, balanced, cross_fitted, fit_scaling, softmax
from nlp.training.scores import calibration_error


def drawn(rows: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are right, and labels drawn by them."""
    chooser = np.random.default_rng(seed)
    logits = chooser.normal(0, 1.5, (rows, 3))
    chances = Scaling(1.0, (0.0, 0.0, 0.0)).probabilities(logits)
    return logits, np.array([chooser.choice(3, p=row) for row in chances])


def test_probabilities_are_the_softmax_of_scaled_logits() -> None:
    found = Scaling(2.0, (1.0, 0.0)).probabilities(np.array([[0.0, 0.5], [500.0, 0.0]]))
    assert found == pytest.approx(np.array([[0.5, 0.5], [1.0, 0.0]]))


def test_overconfident_logits_are_cooled() -> None:
    logits, gold = drawn(600)
    assert fit_scaling(3 * logits, gold).scale == pytest.approx(1 / 3, rel=0.25)


def test_single_precision_logits_are_scaled_as_double_ones() -> None:
    # What the served graph says is float32.
    logits, gold = drawn(600)
    single = fit_scaling((3 * logits).astype(np.float32), gold)
    assert single.scale == pytest.approx(fit_scaling(3 * logits, gold).scale, abs=1e-3)


def test_calibration_lowers_the_error_of_overconfidence() -> None:
    logits, gold = drawn(600)
    before = Scaling(1.0, (0.0, 0.0, 0.0)).probabilities(4 * logits)
    after = fit_scaling(4 * logits, gold).probabilities(4 * logits)
    assert calibration_error(after, gold) < calibration_error(before, gold) / 2


def test_rows_that_are_all_right_do_not_drive_the_scale_without_end() -> None:
    gold = np.tile([0, 1], 10)
    assert 5 < fit_scaling(np.eye(2)[gold], gold).scale < 100


def test_biases_sum_to_nothing_and_undo_a_shift() -> None:
    logits, gold = drawn(600)
    bias = fit_scaling(logits + np.array([1.0, 0.0, 0.0]), gold).bias
    assert sum(bias) == pytest.approx(0.0, abs=1e-6)
    assert bias[0] < min(bias[1:]) - 0.5


def test_heavier_rows_decide() -> None:
    logits, gold = np.zeros((200, 2)), np.tile([0, 1], 100)
    weights = np.where(gold == 1, 9.0, 1.0)
    bias = fit_scaling(logits, gold, weights=weights).bias
    assert bias[1] > bias[0] + 1


def test_a_row_is_not_judged_by_its_own_label() -> None:
    # Logits say nothing, one label is rare: fitted with itself, a lone row would be believed more.
    logits, gold = np.zeros((40, 2)), np.array([1, *[0] * 39])
    fair = cross_fitted(logits, gold)
    assert fair[0, 1] < fit_scaling(logits, gold).probabilities(logits)[0, 1]


def test_cross_fitted_rows_are_probabilities_of_every_row() -> None:
    logits, gold = drawn(60)
    weights = np.ones(60)
    fair = cross_fitted(logits, gold, weights=weights)
    assert fair.sum(1) == pytest.approx(np.ones(60))
    assert np.array_equal(fair, cross_fitted(logits, gold))


def test_a_domain_weighs_the_root_of_its_rows() -> None:
    weights = balanced(["a"] * 9 + ["b"])
    assert weights[:9].sum() == pytest.approx(3.0)
    assert weights[9] == pytest.approx(1.0)


def test_softmax_does_not_overflow() -> None:
    assert softmax(np.array([[1000.0, 1000.0]])).tolist() == [[0.5, 0.5]]
