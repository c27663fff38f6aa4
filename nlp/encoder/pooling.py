"""From the outputs of a text's windows to one answer a head."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.analysis import Label
from nlp.encoder.backend import Outputs, Prepared
from nlp.encoder.calibration import (
    abuse_of,
    label_of,
    moderation_of,
    probabilities,
    scenarios_of,
)
from nlp.encoder.heads import (
    ABUSE,
    EMOTION,
    INTENT,
    MODERATION,
    SCENARIO,
    SENTIMENT,
    VECTOR,
    WORST_WINDOW,
)
from nlp.encoder.manifest import Head
from nlp.encoder.reading import Reading

_NOTHING: Mapping[str, NDArray[np.float32]] = {}


def read(
    heads: Mapping[str, Head],
    prepared: Prepared,
    outputs: Outputs,
    *,
    companion: Mapping[str, NDArray[np.float32]] = _NOTHING,
) -> Reading:
    """The reading of a text from the outputs of its windows, one row a window.

    `companion` (labels,) a task is added to the logits of every window.
    """
    tokens = [window.tokens for window in prepared.windows]
    found: dict[str, list[float]] = {}
    for task, head in heads.items():
        logits = outputs[task]
        if (extra := companion.get(task)) is not None:
            logits = logits + extra
        pool = worst if task in WORST_WINDOW else averaged
        found[task] = pool(head, logits, tokens)

    def label(task: str) -> Label | None:
        return label_of(task, heads[task], found[task]) if task in heads else None

    return Reading(
        sentiment=label(SENTIMENT),
        emotion=label(EMOTION),
        intent=label(INTENT),
        abuse=abuse_of(heads[ABUSE], found[ABUSE]) if ABUSE in heads else None,
        scenarios=scenarios_of(heads[SCENARIO], found[SCENARIO]) if SCENARIO in heads else None,
        moderation=(
            moderation_of(heads[MODERATION], found[MODERATION]) if MODERATION in heads else None
        ),
        vector=mean_vector(outputs[VECTOR], tokens) if VECTOR in outputs else None,
    )


def averaged(head: Head, logits: NDArray[np.float32], tokens: Sequence[int]) -> list[float]:
    """Probabilities of the mean of `logits` (windows, labels), weighted by each window's tokens."""
    if len(tokens) == 1:
        return probabilities(head, logits[0].tolist())
    return probabilities(head, _mean(logits, tokens).tolist())


def worst(head: Head, logits: NDArray[np.float32], tokens: Sequence[int]) -> list[float]:
    """The largest probability of each label over the windows: those of many need not sum to 1."""
    rows = [probabilities(head, row) for row in logits.tolist()]
    return rows[0] if len(rows) == 1 else [max(column) for column in zip(*rows, strict=True)]


def mean_vector(vectors: NDArray[np.float32], tokens: Sequence[int]) -> NDArray[np.float32]:
    """(width,) float32 of unit length: the mean of the windows' directions, weighted by tokens."""
    if len(tokens) == 1:
        return _unit(vectors[0])
    return _unit(_mean(np.stack([_unit(vector) for vector in vectors]), tokens))


def _mean(rows: NDArray[np.float32], tokens: Sequence[int]) -> NDArray[np.float32]:
    weights = np.asarray(tokens, np.float32)
    mean: NDArray[np.float32] = weights @ rows / weights.sum()
    return mean


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    # Opposite directions may cancel out; what is left then has no direction to keep.
    length = math.sqrt(float(vector @ vector))
    return vector / np.float32(length or 1.0)
