"""Makes the weights of size prediction, prints its figures: `python -m nlp.training.cascade`.

Takes less than a minute. One ridge regression of log size a window, in closed form; the penalty is
chosen by cross-validation inside of what is learned from, the range by residuals out of fold.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np

from nlp.spread.growth import FEATURES, VERSION, WEIGHTS_FILE, WINDOWS, growth_features
from nlp.training.cascade_figures import Figures, Floats, Ints, figures, seismic_sizes
from nlp.training.cascade_rows import GrownCascade, large_enough, read_cascades
from nlp.training.errors import TrainingError

SEED = 7
FOLDS = 10
REPEATS = 5
FEWEST = 10
"""Posts in the window from which a size is predicted, and learned from."""
PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0)
_INNER_FOLDS = 5
_TAIL = 10
"""Percent of residuals beyond either end of the range."""
_DIGITS = 6
_LOG = logging.getLogger(__name__)


def main(arguments_given: Sequence[str] | None = None) -> int:
    """Writes weights.json, prints it; exit 2 when a corpus is bad."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m nlp.training.cascade", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("..") / "shared" / "data")
    parser.add_argument("--out", type=Path, default=Path("nlp/models/cascade"))
    arguments = parser.parse_args(arguments_given)
    try:
        document = made(read_cascades(arguments.data))
    except TrainingError as error:
        _LOG.error("%s", error)
        return 2
    text = json.dumps(document, indent=1, sort_keys=True) + "\n"
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / WEIGHTS_FILE).write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0


def made(cascades: Sequence[GrownCascade]) -> dict[str, object]:
    """The content of weights.json."""
    windows: dict[str, object] = {}
    for window in WINDOWS:
        known = large_enough(cascades, window=window, fewest=FEWEST)
        table, logs = _table(known, window), _logs(known)
        weights, mean, scale, intercept = fitted(table, logs, penalty=chosen_penalty(table, logs))
        residuals = logs - np.log(out_of_fold(known, window=window, repeat=0)["ridge"])
        low, high = np.percentile(residuals, (_TAIL, 100 - _TAIL))
        windows[f"{window.total_seconds():.0f}"] = {
            "mean": _rounded(mean),
            "scale": _rounded(scale),
            "weights": _rounded(weights),
            "intercept": round(intercept, _DIGITS),
            "low": round(float(low), _DIGITS),
            "high": round(float(high), _DIGITS),
            "fewest": FEWEST,
            "most": max(one.seen(window) for one in known),
            "figures": {name: one.document() for name, one in compared(known, window).items()},
        }
    return {"features": VERSION, "names": list(FEATURES), "windows": windows}


def compared(cascades: Sequence[GrownCascade], window: timedelta) -> dict[str, Figures]:
    """The figures of each way of guessing, out of fold, by its name."""
    sizes = np.exp(_logs(cascades))
    rounds = [out_of_fold(cascades, window=window, repeat=one) for one in range(REPEATS)]
    return {
        name: figures([guesses[name] for guesses in rounds], sizes, seed=SEED) for name in rounds[0]
    }


def out_of_fold(
    cascades: Sequence[GrownCascade], *, window: timedelta, repeat: int
) -> dict[str, Floats]:
    """What each way says of each cascade having learned from the others' folds; posts."""
    table, logs = _table(cascades, window), _logs(cascades)
    sizes, seen = np.exp(logs), np.array([one.seen(window) for one in cascades], dtype=np.float64)
    fold = _folds(len(cascades), count=FOLDS, seed=SEED + repeat)
    said = {name: np.zeros(len(cascades)) for name in ("ridge", "median", "multiple", "seismic")}
    for one in range(FOLDS):
        asked, taught = fold == one, fold != one
        penalty = chosen_penalty(table[taught], logs[taught])
        learned = fitted(table[taught], logs[taught], penalty=penalty)
        said["ridge"][asked] = np.exp(_answers(table[asked], learned))
        said["median"][asked] = np.median(sizes[taught])
        said["multiple"][asked] = seen[asked] * np.median(sizes[taught] / seen[taught])
        said["seismic"][asked] = seismic_sizes(
            [each for each, out in zip(cascades, asked, strict=True) if out],
            taught=[each for each, out in zip(cascades, asked, strict=True) if not out],
            window=window,
        )
    said["last_observed"] = seen
    return {name: np.maximum(guess, seen) for name, guess in said.items()}


_Fit = tuple[Floats, Floats, Floats, float]


def fitted(table: Floats, logs: Floats, *, penalty: float) -> _Fit:
    """Weights of the standardised features, their means and scales, and the intercept."""
    mean, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale == 0] = 1.0
    centred = (table - mean) / scale
    intercept = float(logs.mean())
    gram = centred.T @ centred + penalty * np.eye(table.shape[1])
    return np.linalg.solve(gram, centred.T @ (logs - intercept)), mean, scale, intercept


def chosen_penalty(table: Floats, logs: Floats) -> float:
    """The penalty of the least absolute error of log size, out of fold."""
    fold = _folds(len(logs), count=_INNER_FOLDS, seed=SEED)

    def error(penalty: float) -> float:
        total = 0.0
        for one in range(_INNER_FOLDS):
            learned = fitted(table[fold != one], logs[fold != one], penalty=penalty)
            total += float(np.abs(_answers(table[fold == one], learned) - logs[fold == one]).sum())
        return total

    return min(PENALTIES, key=error)


def _answers(table: Floats, learned: _Fit) -> Floats:
    weights, mean, scale, intercept = learned
    return np.asarray((table - mean) / scale @ weights + intercept)


def _folds(rows: int, *, count: int, seed: int) -> Ints:
    return np.asarray(np.random.default_rng(seed).permutation(rows) % count)


def _table(cascades: Sequence[GrownCascade], window: timedelta) -> Floats:
    """A row of features a cascade; an unknown one has the mean of the others."""
    rows = [
        growth_features(one.ages, window=window, began=one.began, followers=one.followers)
        for one in cascades
    ]
    table = np.array(rows, dtype=np.float64)
    return np.where(np.isnan(table), np.nanmean(table, axis=0), table)


def _logs(cascades: Sequence[GrownCascade]) -> Floats:
    return np.log([len(one.ages) for one in cascades])


def _rounded(values: Floats) -> list[float]:
    return [round(value, _DIGITS) for value in values.tolist()]


if __name__ == "__main__":
    sys.exit(main())
