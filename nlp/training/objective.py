"""What a training step minimises: labels, teachers' opinions, and a sentence vector to repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from nlp.training.corpora import TASKS, UNLABELLED, Row
from nlp.training.recipe import Recipe

_OTHER_TASK = 0.3
"""Weight of what a teacher says on a task that the row has no label for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What teachers say of the first rows of a corpus: (rows, labels) logits a task, and vectors.

    `vectors` (rows, 512) is zero where bge was not asked. Rows beyond have no teacher.
    """

    logits: Mapping[str, np.ndarray]
    vectors: np.ndarray | None = None

    @property
    def known(self) -> int:
        """How many rows have a teacher."""
        vectors = 0 if self.vectors is None else len(self.vectors)
        return min((len(table) for table in self.logits.values()), default=vectors)


def loss_of(
    logits: Mapping[str, Tensor],
    vectors: Tensor,
    rows: Sequence[Row],
    places: Sequence[int],
    recipe: Recipe,
    guidance: Guidance | None,
) -> Tensor:
    """The mean loss a row. `rows` are the batch's, `places` where they stand in the corpus."""
    total = _labelled(logits, rows, recipe, vectors.device)
    if guidance is not None:
        held = [place for place, row in enumerate(places) if row < guidance.known]
        if held:
            asked = [places[place] for place in held]
            there = {task: values[held] for task, values in logits.items()}
            total = total + _softly(there, [rows[place] for place in held], asked, recipe, guidance)
            total = total + _repeated(vectors[held], asked, recipe, guidance)
    return total / len(rows)


def _labelled(
    logits: Mapping[str, Tensor], rows: Sequence[Row], recipe: Recipe, device: torch.device
) -> Tensor:
    total = torch.zeros((), device=device)
    weights = recipe.task_weights or {}
    for task in TASKS:
        held = [
            place for place, row in enumerate(rows) if row.task == task and row.label != UNLABELLED
        ]
        if held:
            labels = torch.tensor([rows[place].label for place in held])
            losses = functional.cross_entropy(
                logits[task][held].float(),
                labels,
                label_smoothing=recipe.smoothing,
                reduction="sum",
            )
            total = total + weights.get(task, 1.0) * losses
    return total


def _softly(
    logits: Mapping[str, Tensor],
    rows: Sequence[Row],
    places: Sequence[int],
    recipe: Recipe,
    guidance: Guidance,
) -> Tensor:
    """Divergence from the teachers at the recipe's temperature, scaled back by its square."""
    warmth = recipe.temperature
    total = torch.zeros(())
    for task, table in guidance.logits.items():
        target = torch.from_numpy(table[places].astype(np.float32))
        own = torch.tensor([1.0 if row.task in (task, "") else _OTHER_TASK for row in rows])
        divergence = functional.kl_div(
            functional.log_softmax(logits[task].float() / warmth, -1),
            functional.softmax(target / warmth, -1),
            reduction="none",
        ).sum(-1)
        total = total + recipe.soft_weight * warmth**2 * (divergence * own).sum()
    return total


def _repeated(vectors: Tensor, places: Sequence[int], recipe: Recipe, guidance: Guidance) -> Tensor:
    """How far the sentence vectors point from bge's, one minus the cosine."""
    if guidance.vectors is None or not recipe.sentence_weight:
        return torch.zeros(())
    target = torch.from_numpy(guidance.vectors[places].astype(np.float32))
    there = target.abs().sum(-1) > 0
    likeness = functional.cosine_similarity(vectors.float(), target, dim=-1)
    return recipe.sentence_weight * ((1 - likeness) * there).sum()
