"""From logits to calibrated probabilities: softmax(scale * logits + bias), Guo 2017, 1706.04599."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nlp.analysis import CategoryScore, Label, ScenarioScore
from nlp.encoder.heads import ABUSIVE, LABELS, NONE
from nlp.encoder.manifest import Head


def probabilities(head: Head, logits: Sequence[float]) -> list[float]:
    """One probability a label of the head; they sum to 1.

    Plain floats: for a handful of labels numpy's calls cost ten times the sums.
    """
    bias = head.bias or (0.0,) * len(head.labels)
    scaled = [head.scale * logit + add for logit, add in zip(logits, bias, strict=True)]
    top = max(scaled)
    powers = [math.exp(value - top) for value in scaled]
    total = sum(powers)
    return [power / total for power in powers]


def label_of(task: str, head: Head, found: Sequence[float]) -> Label:
    """The likeliest label, the first of equals, with a score for every label of the task.

    A label that the model does not know has probability 0.
    """
    scores = dict.fromkeys(LABELS[task], 0.0) | dict(zip(head.labels, found, strict=True))
    return Label(label=max(head.labels, key=scores.__getitem__), scores=scores)


def abuse_of(head: Head, found: Sequence[float]) -> float:
    """The probability of `abusive`, in [0, 1]."""
    return found[head.labels.index(ABUSIVE)]


def scenarios_of(head: Head, found: Sequence[float]) -> tuple[ScenarioScore, ...]:
    """The scenarios at or above the head's threshold, strongest first, equals by name."""
    return tuple(ScenarioScore(scenario=name, score=score) for name, score in _listed(head, found))


def moderation_of(head: Head, found: Sequence[float]) -> tuple[CategoryScore, ...]:
    """The categories at or above the head's threshold, strongest first, equals by name."""
    return tuple(CategoryScore(category=name, score=score) for name, score in _listed(head, found))


def _listed(head: Head, found: Sequence[float]) -> list[tuple[str, float]]:
    listed = [
        (label, score)
        for label, score in zip(head.labels, found, strict=True)
        if label != NONE and score >= head.threshold
    ]
    return sorted(listed, key=lambda item: (-item[1], item[0]))
