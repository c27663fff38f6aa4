"""The last stage: calibrate a run on what its int8 graph says, and write the served folder."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from nlp.encoder import Companion, Head, OnnxBackend
from nlp.encoder.heads import MODERATION, NONE, SCENARIO
from nlp.encoder.manifest import MANIFEST
from nlp.training import linear
from nlp.training.calibration import balanced, cross_fitted, fit_scaling
from nlp.training.corpora import LABELS, PUBLIC, TASKS, Row, read_rows
from nlp.training.errors import BadRecipe
from nlp.training.evaluation import Line, mean_figure, printed, shown, table
from nlp.training.scores import calibration_error, interval, macro_f1
from nlp.training.serving import plain_heads, served_logits, write_served
from nlp.training.workspace import Workspace

COMPANION_WEIGHTS = (0.0, 0.15, 0.3, 0.45, 0.6)
"""Tried on dev for each task, cross-fitted; 0 wherever the companion gains less than it costs."""
_LEAST_GAIN = 0.002
_PRECISION = 0.96
"""A listed scenario should be right this often; the threshold is the lowest that gives it. A wrong
one takes a post out of its crisis and opens another: with 0.85 the demo's two became five."""
_DOUBT = 0.1
"""A category from here up is told; what it moves is for the policy to say."""
_HARMLESS = 0.9
"""Half of our sentences break no rule. Where the service is asked hardly any does; but most of what
it is asked is far from all of them, and the everyday rows have taught the head so much already."""
_FIGURES = "figures.json"
HELD_OUT = "held-out.npz"
"""In a run's folder: logits a task of rows of our own sets that the run never saw."""
PLACES = "places"
"""In that file: where those rows stand among the labelled ones."""


def release(
    space: Workspace,
    run: str,
    target: Path,
    *,
    version: str,
    folds: str | None,
    without: Collection[str] = (),
) -> str:
    """Writes the served folder and `figures.json` of the run; answers the table of dev.

    Public heads are calibrated on dev (figures cross-fitted), our own on the held-out logits that
    the run `folds` left, without which they are not served; nor are tasks of `without`, which are
    judged all the same. Raises BadRecipe when the run is not there or `target` holds something else
    than a served model.
    """
    _replaceable(target)
    network, tokenizer = space.finished(run)
    tasks = TASKS if folds else PUBLIC
    rows = shown(read_rows(space.data, "dev"))
    texts = [row.text for row in rows]
    said = {}
    for rounded in (True, False):
        draft = space.work / run / ("served" if rounded else "float")
        write_served(
            network,
            tokenizer,
            draft,
            name=target.name,
            version=version,
            heads=plain_heads(tasks),
            rounded=rounded,
        )
        said[rounded] = served_logits(OnnxBackend.load(draft), texts)
    served, exact = said[True], said[False]
    extra = _companion_logits(space, texts)
    weights = companion_weights(rows, served, extra) if extra else {}
    judged = {
        task: served[task] + weights[task] * extra[task] if task in weights else served[task]
        for task in PUBLIC
    }
    heads = {task: _calibrated(task, rows, judged[task]) for task in PUBLIC}
    own = _own_heads(space, folds) if folds else ({}, [])
    companion = Companion(
        file=linear.FILE, buckets=linear.BUCKETS, orders=linear.ORDERS, weights=weights
    )
    write_served(
        network,
        tokenizer,
        target,
        name=target.name,
        version=version,
        heads={task: head for task, head in {**heads, **own[0]}.items() if task not in without},
        companion=(companion, space.work / "linear" / linear.FILE) if weights else None,
    )
    fair = {task: _cross_fitted(task, rows, judged[task]) for task in PUBLIC}
    lines = [*table(rows, fair), *_whole_heads(rows, fair), *own[1]]
    agreement = _agreement(rows, served, exact)
    figures = {
        "run": run,
        "version": version,
        "companion": weights,
        "agreement": agreement,
        "dev": [asdict(line) for line in lines],
    }
    (target / _FIGURES).write_text(
        json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    shares = "  ".join(f"{task} {100 * share:.2f} %" for task, share in agreement.items())
    return f"{printed(lines)}\nint8 and fp32 decide alike: {shares}\ncompanion: {weights}"


def _replaceable(target: Path) -> None:
    """Writing removes all that the folder held: it must be a model's, and nothing else's."""
    if target.exists() and any(target.iterdir()) and not (target / MANIFEST).exists():
        raise BadRecipe(f"{target}: holds something else than a served model; name another folder")


def _companion_logits(space: Workspace, texts: list[str]) -> dict[str, np.ndarray]:
    """Of every text a task; empty where `linear` was not run."""
    path = space.work / "linear" / linear.FILE
    return linear.rounded_logits(path, linear.features(texts)) if path.exists() else {}


def companion_weights(
    rows: list[Row], served: Mapping[str, np.ndarray], extra: Mapping[str, np.ndarray]
) -> dict[str, float]:
    """The weight a task of the best cross-fitted mean figure over domains; absent where 0."""
    chosen = {}
    for task in PUBLIC:
        gains = {}
        for weight in COMPANION_WEIGHTS:
            fair = _cross_fitted(task, rows, served[task] + weight * extra[task])
            held = [row for row in rows if row.task == task]
            gains[weight] = mean_figure(held, {task: _of(task, rows, fair)})
        best = max(gains, key=gains.__getitem__)
        if gains[best] - gains[0.0] >= _LEAST_GAIN:
            chosen[task] = best
    return chosen


def _of(task: str, rows: list[Row], values: np.ndarray) -> np.ndarray:
    return values[[place for place, row in enumerate(rows) if row.task == task]]


def _gold(task: str, rows: list[Row]) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Places of a task's rows, their labels, and weights that balance the domains."""
    held = [place for place, row in enumerate(rows) if row.task == task]
    gold = np.array([rows[place].label for place in held])
    return held, gold, balanced([rows[place].domain for place in held])


def _calibrated(task: str, rows: list[Row], logits: np.ndarray) -> Head:
    held, gold, weights = _gold(task, rows)
    scaling = fit_scaling(logits[held], gold, weights=weights)
    return Head(labels=LABELS[task], scale=scaling.scale, bias=scaling.bias)


def _cross_fitted(task: str, rows: list[Row], logits: np.ndarray) -> np.ndarray:
    held, gold, weights = _gold(task, rows)
    found = np.zeros_like(logits)
    found[held] = cross_fitted(logits[held], gold, weights=weights)
    return found


def _whole_heads(rows: list[Row], fair: Mapping[str, np.ndarray]) -> list[Line]:
    lines = []
    for task in PUBLIC:
        held, gold, _ = _gold(task, rows)
        lines.append(_line(f"{task} (all)", gold, fair[task][held]))
    return lines


def _line(domain: str, gold: np.ndarray, chances: np.ndarray) -> Line:
    low, high = interval(macro_f1, gold, chances.argmax(1))
    return Line(
        domain=domain,
        rows=len(gold),
        figure="macro_f1",
        value=macro_f1(gold, chances.argmax(1)),
        low=low,
        high=high,
        calibration=calibration_error(chances, gold),
    )


def _own_heads(space: Workspace, folds: str) -> tuple[dict[str, Head], list[Line]]:
    labelled = space.labelled_rows()
    heads, lines = {}, []
    with np.load(space.work / folds / HELD_OUT) as stored:
        rows = [labelled[place] for place in stored[PLACES]]
        for task in sorted({row.task for row in rows}):
            held = [place for place, row in enumerate(rows) if row.task == task]
            gold = np.array([rows[place].label for place in held])
            logits = stored[task][held]
            scaling = fit_scaling(logits, gold)
            heads[task] = Head(labels=LABELS[task], scale=scaling.scale, bias=scaling.bias)
            if task == SCENARIO:
                threshold = listing_threshold(scaling.probabilities(logits), gold)
                heads[task] = replace(heads[task], threshold=threshold)
            if task == MODERATION:
                harmless = float((gold == LABELS[task].index(NONE)).mean())
                heads[task] = replace(in_the_wild(heads[task], harmless), threshold=_DOUBT)
            lines.append(_line(f"{task} (held out)", gold, cross_fitted(logits, gold)))
    return heads, lines


def in_the_wild(head: Head, harmless: float) -> Head:
    """The head for texts of which _HARMLESS are `none`, calibrated where `harmless` of them were.

    The odds of `none` are multiplied by the ratio of the two prior odds (Saerens 2002, Neural
    Computation 14, 21-41).
    """
    ratio = _HARMLESS / (1 - _HARMLESS) * (1 - harmless) / harmless
    place = head.labels.index(NONE)
    bias = tuple(
        value + math.log(ratio) * (number == place) for number, value in enumerate(head.bias)
    )
    return replace(head, bias=bias)


def listing_threshold(chances: np.ndarray, gold: np.ndarray) -> float:
    """The lowest probability from which the likeliest scenario is right as often as it should.

    `chances` (rows, scenarios); 0.9 where none from 0.3 up is enough.
    """
    chances = chances.copy()
    chances[:, LABELS[SCENARIO].index(NONE)] = 0.0
    best, right = chances.max(1), chances.argmax(1) == gold
    for threshold in np.arange(0.3, 0.9, 0.02):
        listed = best >= threshold
        if listed.any() and right[listed].mean() >= _PRECISION:
            return float(round(threshold, 2))
    return 0.9


def _agreement(
    rows: list[Row], served: Mapping[str, np.ndarray], exact: Mapping[str, np.ndarray]
) -> dict[str, float]:
    """Share of dev decisions that int8 and fp32 take alike, before calibration."""
    found = {}
    for task in PUBLIC:
        held, _, _ = _gold(task, rows)
        alike = served[task][held].argmax(1) == exact[task][held].argmax(1)
        found[task] = float(alike.mean())
    return found
