"""Figures of a classifier: accuracy, macro-F1, macro-recall, calibration error, intervals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]


def accuracy(gold: Ints, said: Ints) -> float:
    """Share of rows decided as labelled."""
    return float((gold == said).mean())


def macro_f1(gold: Ints, said: Ints) -> float:
    """Mean F1 of the labels that occur in `gold`; a label never said scores 0."""
    return float(np.mean([_f1(gold == label, said == label) for label in np.unique(gold)]))


def macro_recall(gold: Ints, said: Ints) -> float:
    """Mean recall of the labels that occur in `gold`."""
    return float(np.mean([(said[gold == label] == label).mean() for label in np.unique(gold)]))


def calibration_error(probabilities: Floats, gold: Ints, *, bins: int = 15) -> float:
    """Expected calibration error of the decided label, `bins` of equal width.

    `probabilities` (rows, labels) sum to 1 (Guo 2017, arXiv 1706.04599).
    """
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == gold
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for one in range(bins):
        held = place == one
        if held.any():
            error += held.mean() * abs(float(right[held].mean()) - float(confidence[held].mean()))
    return error


def interval(
    figure: Callable[[Ints, Ints], float],
    gold: Ints,
    said: Ints,
    *,
    rounds: int = 300,
    seed: int = 0,
) -> tuple[float, float]:
    """95 % bootstrap interval of a figure (Efron 1979), over rows."""
    chooser = np.random.default_rng(seed)
    values = [
        figure(gold[rows], said[rows])
        for rows in (chooser.integers(0, len(gold), len(gold)) for _ in range(rounds))
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _f1(gold: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    both = int((gold & said).sum())
    either = int(gold.sum()) + int(said.sum())
    return 2 * both / either if either else 0.0
