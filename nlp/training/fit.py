"""Fine-tunes a network by a recipe, with checkpoints that outlive a restart.

`python -m nlp.training fit RECIPE` goes on from `WORK/<recipe>/checkpoint.pt` when it is there.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from nlp.training.corpora import Row
from nlp.training.errors import BadRecipe
from nlp.training.mixture import Mixture, batches, domain_key, label_key
from nlp.training.network import Network
from nlp.training.objective import Guidance, loss_of
from nlp.training.recipe import Recipe
from nlp.training.rounding import rounded

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 300.0
_REPORT_STEPS = 100


def fit(
    network: Network,
    tokenizer: Tokenizer,
    rows: Sequence[Row],
    recipe: Recipe,
    folder: Path,
    *,
    now: Callable[[], float],
    guidance: Guidance | None = None,
) -> Network:
    """The network after the recipe's samples; `now` is a monotonic clock in seconds.

    Writes `checkpoint.pt` every five minutes and at the end. Raises BadRecipe when the checkpoint
    found is of another recipe, or the recipe names a domain that has no row.
    """
    _known(recipe, rows)
    samples = Mixture(passes=recipe.passes, tagless=recipe.tagless, seed=recipe.seed).samples(rows)
    tokenizer.enable_truncation(recipe.longest)
    tokenizer.no_padding()
    encoded = [e.ids for e in tokenizer.encode_batch_fast([sample.text for sample in samples])]
    order = list(
        batches([len(ids) for ids in encoded], tokens=recipe.batch_tokens, seed=recipe.seed)
    )
    optimiser = torch.optim.AdamW(_groups(network, recipe), lr=recipe.learning_rate, fused=True)
    step = _resume(folder, network, optimiser, recipe)
    _log.info("%d samples, %d steps, from step %d", len(samples), len(order), step)
    network.train()
    saved = now()
    losses: list[float] = []
    quantised_from = round(len(order) * (1 - recipe.quantised_share))
    for number in range(step, len(order)):
        rate = _rate(number, len(order), recipe.warm_up)
        for group in optimiser.param_groups:
            group["lr"] = recipe.learning_rate * rate * group["scale"]
        places = order[number]
        ids, mask = padded([encoded[place] for place in places], network.config.pad_token_id)
        chosen = [samples[place].row for place in places]
        with rounded(network, active=number >= quantised_from):
            with torch.autocast("cpu", torch.bfloat16):
                logits, vectors = network(ids, mask)
            loss = loss_of(logits, vectors, [rows[row] for row in chosen], chosen, recipe, guidance)
            loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        losses.append(float(loss.detach()))
        if (number + 1) % _REPORT_STEPS == 0:
            _log.info("step %d/%d loss %.4f", number + 1, len(order), float(np.mean(losses)))
            losses.clear()
        if now() - saved >= _EVERY_SECONDS:
            _save(folder, network, optimiser, number + 1, recipe, done=False)
            saved = now()
    _save(folder, network, optimiser, len(order), recipe, done=True)
    return network.eval()


def _known(recipe: Recipe, rows: Sequence[Row]) -> None:
    domains = {domain_key(row) for row in rows}
    labels = {label_key(row) for row in rows}
    if strange := sorted({*recipe.passes, *recipe.tagless} - domains - labels - {""}):
        raise BadRecipe(
            f"no row is of {', '.join(strange)}; the domains are {', '.join(sorted(domains))}"
        )


def padded(ids: Sequence[Sequence[int]], pad: int) -> tuple[Tensor, Tensor]:
    """Token ids and their mask, (batch, longest) int64."""
    width = max(len(one) for one in ids)
    table = torch.full((len(ids), width), pad, dtype=torch.long)
    mask = torch.zeros((len(ids), width), dtype=torch.long)
    for row, one in enumerate(ids):
        table[row, : len(one)] = torch.tensor(one)
        mask[row, : len(one)] = 1
    return table, mask


def _groups(network: Network, recipe: Recipe) -> list[dict[str, Any]]:
    """Biases and norms are not decayed; heads, which start from nothing, learn 5 × as fast."""
    groups: list[dict[str, Any]] = []
    for name, parameter in network.named_parameters():
        plain = parameter.ndim == 1
        groups.append(
            {
                "params": [parameter],
                "weight_decay": 0.0 if plain else recipe.weight_decay,
                "scale": 1.0 if name.startswith("trunk.") else 5.0,
            }
        )
    merged: dict[tuple[float, float], dict[str, Any]] = {}
    for group in groups:
        key = (group["weight_decay"], group["scale"])
        merged.setdefault(key, {**group, "params": []})["params"] += group["params"]
    return list(merged.values())


def _rate(step: int, steps: int, warm_up: float) -> float:
    """Share of the peak learning rate: up in a line, down in half a cosine to a fiftieth."""
    rising = max(1, round(steps * warm_up))
    if step < rising:
        return (step + 1) / rising
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - rising) / max(1, steps - rising)))


def _save(
    folder: Path,
    network: Network,
    optimiser: torch.optim.Optimizer,
    step: int,
    recipe: Recipe,
    *,
    done: bool,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        "network": network.state_dict(),
        "optimiser": optimiser.state_dict(),
        "step": step,
        "done": done,
        "recipe": repr(recipe),
        "random": torch.get_rng_state(),
    }
    torch.save(state, folder / "checkpoint.part")
    os.replace(folder / "checkpoint.part", folder / "checkpoint.pt")  # noqa: PTH105 - atomic


def _resume(
    folder: Path, network: Network, optimiser: torch.optim.Optimizer, recipe: Recipe
) -> int:
    path = folder / "checkpoint.pt"
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    if state["recipe"] != repr(recipe):
        raise BadRecipe(
            f"{path} was made by another recipe; remove it or give the recipe a new name"
        )
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["random"])
    return int(state["step"])
