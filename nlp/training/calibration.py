"""Fits a scale and a bias a label, so that probabilities are what they say.

Vector scaling (Guo 2017, arXiv 1706.04599). Decisions and calibration error on dev are reported
cross-fitted: each fold by what the others gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]
_FOLDS = 5
_PULL = 0.02
"""Weight of the squared bias: a small dev set must not move a decision for nothing."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """softmax(scale · logits + bias)."""

    scale: float
    bias: tuple[float, ...]

    def probabilities(self, logits: Floats) -> Floats:
        """(rows, labels) that sum to 1."""
        return softmax(self.scale * logits + np.array(self.bias))


def softmax(logits: Floats) -> Floats:
    """(rows, labels) that sum to 1."""
    grown = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(grown / grown.sum(1, keepdims=True))


def fit_scaling(logits: Floats, gold: Ints, *, weights: Floats | None = None) -> Scaling:
    """The scale and biases of least cross-entropy; `weights` (rows,) balance unlike domains."""
    labels = logits.shape[1]
    share = np.ones(len(gold)) if weights is None else weights
    share = share / share.sum()
    # In single precision a small change of the scale is no change at all.
    exact = logits.astype(np.float64)
    target = np.eye(labels)[gold]

    def loss(values: Floats) -> tuple[float, Floats]:
        scale, bias = np.exp(values[0]), values[1:]
        warm = scale * exact + bias
        warm -= warm.max(1, keepdims=True)
        chances = warm - np.log(np.exp(warm).sum(1, keepdims=True))
        excess = (np.exp(chances) - target) * share[:, None]
        slope = [scale * (excess * exact).sum(), *(excess.sum(0) + 2 * _PULL * bias / labels)]
        cost = -(share[:, None] * target * chances).sum() + _PULL * (bias**2).mean()
        return float(cost), np.array(slope)

    # Not L-BFGS-B: scipy 1.17's calls into threaded BLAS, 60 times as slow on a busy machine.
    found = minimize(loss, np.zeros(labels + 1), method="BFGS", jac=True).x
    bias = found[1:] - found[1:].mean()
    return Scaling(float(np.exp(found[0])), tuple(float(value) for value in bias))


def cross_fitted(
    logits: Floats, gold: Ints, *, weights: Floats | None = None, seed: int = 0
) -> Floats:
    """Probabilities of every row by a scaling fitted without its fold."""
    fold = np.random.default_rng(seed).integers(0, _FOLDS, len(gold))
    found = np.zeros_like(logits)
    for one in range(_FOLDS):
        outside, inside = fold != one, fold == one
        held = None if weights is None else weights[outside]
        found[inside] = fit_scaling(logits[outside], gold[outside], weights=held).probabilities(
            logits[inside]
        )
    return found


def balanced(domains: Sequence[str]) -> Floats:
    """Weights by which every domain counts by the square root of its rows, (rows,)."""
    _names, place, count = np.unique(np.array(domains), return_inverse=True, return_counts=True)
    return np.asarray(1 / np.sqrt(count))[place]
