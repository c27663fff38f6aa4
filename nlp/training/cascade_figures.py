"""How well sizes are guessed, and the self-exciting process as a way of guessing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import numpy as np
from numpy.typing import NDArray

from nlp.training.cascade_rows import GrownCascade

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_RESAMPLES = 300
_MARGIN = 2.5

# Zhao et al. 2015, table 1: reaction times on Twitter, seconds.
_PLATEAU, _DECAY = 300.0, 0.242
_HEIGHT = 1 / (_PLATEAU * (1 + 1 / _DECAY))
_DEGREES = (3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 10_000.0)
_DAMPING = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval: the cascades resampled with replacement."""

    value: float
    low: float
    high: float

    def document(self) -> list[float]:
        return [round(part, 3) for part in (self.value, self.low, self.high)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`error` is the median of |guess - size| / size, `order` Kendall's tau-b, `twofold` the share
    of guesses between half and twice the size."""

    cascades: int
    error: Figure
    order: Figure
    twofold: Figure

    def document(self) -> dict[str, object]:
        return {
            "cascades": self.cascades,
            "median_ape": self.error.document(),
            "kendall_tau": self.order.document(),
            "within_twofold": self.twofold.document(),
        }


def figures(rounds: Sequence[Floats], sizes: Floats, *, seed: int) -> Figures:
    """The figures of guesses, each the mean over rounds (splits) of the same cascades."""
    draw = np.random.default_rng(seed)
    places = [draw.integers(0, len(sizes), len(sizes)) for _ in range(_RESAMPLES)]
    values = [_all(rounds, sizes)]
    values += [_all([guess[some] for guess in rounds], sizes[some]) for some in places]
    table = np.array(values)
    low, high = np.percentile(table[1:], (_MARGIN, 100 - _MARGIN), axis=0)
    error, order, twofold = (
        Figure(float(table[0][place]), float(low[place]), float(high[place])) for place in range(3)
    )
    return Figures(cascades=len(sizes), error=error, order=order, twofold=twofold)


def _all(rounds: Sequence[Floats], sizes: Floats) -> tuple[float, float, float]:
    errors = [np.median(np.abs(guess - sizes) / sizes) for guess in rounds]
    folds = [np.mean(np.maximum(guess / sizes, sizes / guess) <= 2) for guess in rounds]
    orders = [kendall_tau(guess, sizes) for guess in rounds]
    return float(np.mean(errors)), float(np.mean(orders)), float(np.mean(folds))


def kendall_tau(left: Floats, right: Floats) -> float:
    """Kendall's tau-b (1945); 0 when either side is all ties."""
    signs = [np.sign(side[:, None] - side[None, :]) for side in (left, right)]
    untied = [float((side != 0).sum()) for side in signs]
    if not all(untied):
        return 0.0
    return float((signs[0] * signs[1]).sum() / np.sqrt(untied[0] * untied[1]))


def seismic_sizes(
    cascades: Sequence[GrownCascade], *, taught: Sequence[GrownCascade], window: timedelta
) -> Floats:
    """Final sizes by SEISMIC (Zhao et al. 2015), a self-exciting point process.

    The files hold followers of first posts only, so all others have one degree; it and the damping
    (their alpha and gamma, here one number) are those of the least error on `taught`. A process
    that never ends is said to get as large as the largest of `taught`.
    """
    final = np.array([float(len(one.ages)) for one in taught])
    known, asked = _Excitement(taught, window), _Excitement(cascades, window)

    def error(setting: tuple[float, float]) -> float:
        guess = known.sizes(*setting, largest=final.max())
        return float(np.median(np.abs(guess - final) / final))

    best = min(product(_DEGREES, _DAMPING), key=error)
    return asked.sizes(*best, largest=final.max())


class _Excitement:
    """What of the reactions to the posts of a window has come and what is still to come."""

    def __init__(self, cascades: Sequence[GrownCascade], window: timedelta) -> None:
        self._posts, self._roots, self._came, self._rest = (np.zeros(len(cascades)) for _ in "1234")
        for place, one in enumerate(cascades):
            kept = [age.total_seconds() for age in one.ages if age <= window]
            came = _reacted(window.total_seconds() - np.array(kept))
            self._posts[place] = len(kept)
            self._roots[place] = one.followers or 1
            self._came[place], self._rest[place] = came[1:].sum(), (1 - came[1:]).sum()
        self._root_came = float(_reacted(np.array([window.total_seconds()]))[0])

    def sizes(self, degree: float, damping: float, *, largest: float) -> Floats:
        exposed = self._roots * self._root_came + degree * self._came
        infectious = (self._posts - 1) / exposed
        to_come = self._roots * (1 - self._root_came) + degree * self._rest
        left = 1 - damping * infectious * degree
        grown = damping * infectious * to_come / np.where(left > 0, left, np.nan)
        sizes: Floats = np.where(left > 0, self._posts + grown, largest)
        return np.minimum(sizes, np.maximum(largest, self._posts))


def _reacted(seconds: Floats) -> Floats:
    """The share of reactions that come within so many seconds."""
    late = np.maximum(seconds, _PLATEAU) / _PLATEAU
    tail = _HEIGHT * _PLATEAU * (1 + (1 - late**-_DECAY) / _DECAY)
    return np.where(seconds < _PLATEAU, _HEIGHT * seconds, tail)
