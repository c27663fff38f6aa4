"""What others do, written from their descriptions, one score a row, none looking ahead.

- Windowed Gaussian: deviation from the mean of a sliding window in its standard deviations.
- S-H-ESD (Vallis, Hochenbaum and Kejariwal 2014): the seasonal component and the median taken off,
  then the generalised extreme studentised deviate test with median and MAD. It is a test of a
  window that is over; here it runs every hour over the last two weeks and says which rows of the
  new hour it finds. Its seasonal component is the median of each time of day.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

GAUSSIAN_ROWS = 6_400
GAUSSIAN_STEP = 100
ESD_DAYS = 14
ESD_MOST = 0.005
ESD_LEVEL = 0.05

Floats = NDArray[np.float64]


def windowed_gaussian(counts: Sequence[float]) -> list[float]:
    """Standard deviations from the mean of up to 6,400 rows, reckoned anew every 100 rows."""
    values = np.asarray(counts)
    scores: list[float] = []
    mean, deviation = 0.0, math.inf
    for at, value in enumerate(values):
        if at >= GAUSSIAN_STEP and at % GAUSSIAN_STEP == 0:
            window = values[max(0, at - GAUSSIAN_ROWS) : at]
            mean, deviation = float(window.mean()), max(1e-3, float(window.std()))
        scores.append(abs(float(value) - mean) / deviation)
    return scores


def seasonal_esd(counts: Sequence[float], *, day_rows: int) -> list[float]:
    """The test statistic over its critical value for the rows found, 0 for the others."""
    values = np.asarray(counts)
    hour = max(1, day_rows // 24)
    scores = np.zeros(len(values))
    for stop in range(2 * day_rows, len(values) + hour, hour):
        end = min(stop, len(values))
        days = min(ESD_DAYS, end // day_rows)
        start = end - days * day_rows
        for place, strength in _found(values[start:end].reshape(days, day_rows)).items():
            if start + place >= end - hour:
                scores[start + place] = strength
    return [float(score) for score in scores]


def _found(days: Floats) -> dict[int, float]:
    """Rows of whole days (days × rows) that the test finds, with statistic / critical value."""
    residual = (days - np.median(days, axis=0)).ravel()
    left = np.argsort(-np.abs(residual - np.median(residual)))
    candidates: list[tuple[int, float]] = []
    standing = 0
    for turn in range(1, int(ESD_MOST * len(residual)) + 1):
        rest = residual[left[turn - 1 :]]
        centre = float(np.median(rest))
        spread = max(0.5, 1.4826 * float(np.median(np.abs(rest - centre))))
        place = int(left[turn - 1])
        ratio = abs(float(residual[place]) - centre) / spread / _critical(len(residual), turn)
        candidates.append((place, ratio))
        if ratio > 1.0:
            standing = turn
    return dict(candidates[:standing])


def _critical(rows: int, turn: int) -> float:
    """The critical value of a turn; Student's t is normal at hundreds of rows."""
    rest = rows - turn
    t = NormalDist().inv_cdf(1 - ESD_LEVEL / (2 * (rest + 1)))
    return rest * t / math.sqrt((rest - 1 + t * t) * (rest + 1))
