"""Figures of the heads over the labelled dev rows: calibration, confusion, the neutral that no
corpus of two labels has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp import Analysis
from nlp.training.corpora import LABELS, Row
from nlp.training.scores import accuracy, calibration_error

Probabilities = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One head over all its rows. `confusion[gold][said]` counts rows, in the order of `labels`."""

    task: str
    rows: int
    calibration: float
    labels: tuple[str, ...]
    confusion: list[list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLabels:
    """A domain that knows no neutral: how often we say it, and the accuracy were it forbidden."""

    domain: str
    neutral: float
    accuracy_without: float


def probabilities_of(
    rows: Sequence[Row], analyses: Sequence[Analysis]
) -> tuple[list[Row], Probabilities, Mapping[str, int]]:
    """The rows whose task was answered, what was said of them, and how many were not, a task.

    `probabilities[task]` (rows, labels) is 0 in the rows of other tasks.
    """
    said = [_said(row.task, analysis) for row, analysis in zip(rows, analyses, strict=True)]
    answered = [place for place, chances in enumerate(said) if chances is not None]
    missing = Counter(rows[place].task for place, chances in enumerate(said) if chances is None)
    kept = [rows[place] for place in answered]
    found = {task: np.zeros((len(kept), len(labels))) for task, labels in LABELS.items()}
    for number, place in enumerate(answered):
        found[rows[place].task][number] = said[place]
    return kept, found, missing


def heads(rows: Sequence[Row], probabilities: Probabilities) -> list[Head]:
    """One a task that has rows."""
    return [
        _head(task, *_of_task(rows, probabilities, task))
        for task in LABELS
        if any(row.task == task for row in rows)
    ]


def overall_calibration(rows: Sequence[Row], probabilities: Probabilities) -> float:
    """The expected calibration error over every decision of every head, 15 bins."""
    widest = max(map(len, LABELS.values()))
    together, gold = np.zeros((len(rows), widest)), np.zeros(len(rows), np.int64)
    for number, row in enumerate(rows):
        chances = probabilities[row.task][number]
        together[number, : len(chances)] = chances
        gold[number] = row.label
    return calibration_error(together, gold)


def two_labels(rows: Sequence[Row], probabilities: Probabilities) -> list[TwoLabels]:
    """One a sentiment domain whose rows are all negative or positive, sorted."""
    neutral = LABELS["sentiment"].index("neutral")
    by_domain: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if row.task == "sentiment":
            by_domain.setdefault(row.domain, []).append(number)
    found = []
    for domain, held in sorted(by_domain.items()):
        gold = np.array([rows[number].label for number in held])
        if neutral in gold:
            continue
        chances = probabilities["sentiment"][held]
        said_neutral = float((chances.argmax(1) == neutral).mean())
        chances[:, neutral] = -1.0
        found.append(
            TwoLabels(
                domain=f"sentiment/{domain}",
                neutral=said_neutral,
                accuracy_without=accuracy(gold, chances.argmax(1)),
            )
        )
    return found


def printed_heads(each: Sequence[Head]) -> str:
    """Calibration and confusion for a person: a line a gold label, a column a said one."""
    blocks = []
    for head in each:
        columns = "".join(f"{label:>9}" for label in head.labels)
        lines = [f"{head.task}: {head.rows} rows, ECE {100 * head.calibration:.2f} %"]
        lines.append(f"{'labelled / said':16}{columns}")
        lines += [
            f"{label:16}" + "".join(f"{count:9d}" for count in counts)
            for label, counts in zip(head.labels, head.confusion, strict=True)
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def printed_two_labels(each: Sequence[TwoLabels]) -> str:
    """The table for a person, in per cent."""
    head = f"{'domain of two labels':28} {'said neutral':>12} {'accuracy without it':>19}"
    return "\n".join(
        [
            head,
            *(
                f"{one.domain:28} {100 * one.neutral:12.2f} {100 * one.accuracy_without:19.2f}"
                for one in each
            ),
        ]
    )


def _said(task: str, analysis: Analysis) -> list[float] | None:
    if task == "abuse":
        return None if analysis.abuse is None else [1 - analysis.abuse, analysis.abuse]
    label = analysis.sentiment if task == "sentiment" else analysis.emotion
    return None if label is None else [label.scores.get(name, 0.0) for name in LABELS[task]]


def _of_task(
    rows: Sequence[Row], probabilities: Probabilities, task: str
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    held = [number for number, row in enumerate(rows) if row.task == task]
    return np.array([rows[number].label for number in held]), probabilities[task][held]


def _head(task: str, gold: NDArray[np.int64], chances: NDArray[np.float64]) -> Head:
    labels = LABELS[task]
    confusion = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(confusion, (gold, chances.argmax(1)), 1)
    return Head(
        task=task,
        rows=len(gold),
        calibration=calibration_error(chances, gold),
        labels=labels,
        confusion=confusion.tolist(),
    )
