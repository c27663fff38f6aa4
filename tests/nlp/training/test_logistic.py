"""Logistic regression over sparse vectors."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra [torch]")

from nlp.targeted.features import TABLE, Vector
from nlp.training.logistic import Floats, fit_logistic, log_odds


def _vector(*places: int) -> Vector:
    return Vector(np.array(places), np.ones(len(places), dtype=np.float32))


_GOOD, _BAD = _vector(0, 5), _vector(0, 6)


def _fitted(
    importance: tuple[float, float] = (1, 1), *, penalty: float = 0.01, prior: float = 0.0
) -> Floats:
    return fit_logistic(
        [_GOOD, _BAD],
        [True, False],
        importance,
        penalty=np.full(TABLE, penalty, dtype=np.float32),
        prior=np.full(TABLE, prior, dtype=np.float32),
    )


def test_the_examples_are_told_apart() -> None:
    good, bad = log_odds([_GOOD, _BAD], _fitted())

    assert good > 1
    assert bad < -1


def test_a_place_without_examples_keeps_its_prior() -> None:
    assert _fitted(prior=0.7)[100] == pytest.approx(0.7)


def test_a_stiff_prior_yields_less() -> None:
    assert _fitted(penalty=10.0)[5] < _fitted(penalty=0.01)[5]


def test_importance_moves_the_constant() -> None:
    assert _fitted((9, 1))[0] > 0 > _fitted((1, 9))[0]


def test_an_empty_vector_is_undecided() -> None:
    empty = Vector(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))

    assert log_odds([_GOOD, empty, _BAD], _fitted()).tolist()[1] == 0
