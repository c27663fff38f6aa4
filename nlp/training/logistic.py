"""Logistic regression over sparse vectors: log-loss with a Gaussian prior, by L-BFGS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from nlp.targeted.features import Vector

Floats = NDArray[np.float32]
_STEPS = 80


@dataclass(frozen=True, slots=True)
class Sparse:
    """Vectors one behind the other; vector i begins at `offsets[i]`."""

    places: torch.Tensor
    values: torch.Tensor
    offsets: torch.Tensor


def stacked(vectors: Sequence[Vector]) -> Sparse:
    """The vectors as one block for `torch.nn.functional.embedding_bag`."""
    lengths = [len(vector.places) for vector in vectors]
    offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if lengths else np.empty(0)
    return Sparse(
        torch.from_numpy(np.concatenate([v.places for v in vectors])),
        torch.from_numpy(np.concatenate([v.values for v in vectors])),
        torch.from_numpy(offsets.astype(np.int64)),
    )


def log_odds(vectors: Sequence[Vector], weights: Floats) -> Floats:
    """The log-odds of each vector."""
    with torch.no_grad():
        found: Floats = _scores(stacked(vectors), torch.from_numpy(weights)).numpy()
    return found


def fit_logistic(
    vectors: Sequence[Vector],
    labels: Sequence[bool],
    importance: Sequence[float],
    *,
    penalty: Floats,
    prior: Floats,
) -> Floats:
    """The weights, from a prior: Bayesian logistic regression's most probable ones.

    Half of `penalty` times the squared distance from `prior`, both by place, is added to the mean
    loss. The same input gives the same weights on one thread.
    """
    block = stacked(vectors)
    gold = torch.tensor(labels, dtype=torch.float32)
    share = torch.tensor(importance, dtype=torch.float32)
    share = share / share.sum()
    expected, stiffness = torch.from_numpy(prior), torch.from_numpy(penalty)
    weights = expected.clone().requires_grad_()
    optimiser = torch.optim.LBFGS(
        [weights], max_iter=_STEPS, history_size=10, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        per_row = torch.nn.functional.binary_cross_entropy_with_logits(
            _scores(block, weights), gold, reduction="none"
        )
        total: torch.Tensor = (per_row * share).sum()
        total = total + (stiffness * (weights - expected).square()).sum() / 2
        total.backward()
        return total

    optimiser.step(loss)
    fitted: Floats = weights.detach().numpy()
    return fitted


def _scores(block: Sparse, weights: torch.Tensor) -> torch.Tensor:
    bags = torch.nn.functional.embedding_bag(
        block.places,
        weights[:, None],
        block.offsets,
        mode="sum",
        per_sample_weights=block.values,
    )
    return bags[:, 0]
