"""What each stage does, and the text that it prints."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from nlp.training import linear
from nlp.training.calibration import softmax
from nlp.training.corpora import LABELS, PUBLIC, Row, read_rows
from nlp.training.evaluation import printed, shown, table
from nlp.training.fit import fit
from nlp.training.guidance import guidance
from nlp.training.inference import logits_of
from nlp.training.labelled import FOLDS, fold_of
from nlp.training.network import Network
from nlp.training.recipe import Recipe, read_recipe
from nlp.training.release import release
from nlp.training.scores import interval, macro_f1
from nlp.training.workspace import Workspace

_NOBODY = -1


def run(space: Workspace, arguments: argparse.Namespace, *, now: Callable[[], float]) -> str:
    """Runs the stage that `arguments` name. Raises TrainingError."""
    torch.set_num_threads(arguments.threads)
    if arguments.stage == "fit":
        return _fit(space, arguments.recipe, now=now)
    if arguments.stage == "folds":
        return _folds(space, arguments.recipe, now=now)
    if arguments.stage == "linear":
        return _linear(space)
    if arguments.stage == "serve":
        return release(
            space,
            arguments.run,
            arguments.target,
            version=arguments.version,
            folds=arguments.folds,
            without=arguments.without,
        )
    return _figures(space, arguments.run)


def _fit(space: Workspace, path: Path, *, now: Callable[[], float]) -> str:
    _fitted(space, read_recipe(path), path.stem, now=now)
    return _figures(space, path.stem)


def _fitted(
    space: Workspace,
    recipe: Recipe,
    name: str,
    *,
    now: Callable[[], float],
    held_out: int = _NOBODY,
) -> Network:
    """A run of a recipe; of our own sets without the rows of the fold `held_out`."""
    torch.manual_seed(recipe.seed)
    rows = space.train_rows(unlabelled=recipe.unlabelled)
    taught = None
    if recipe.teachers or recipe.sentences_every:
        teachers = recipe.teachers or {}
        taught = guidance(space, rows, teachers, sentences_every=recipe.sentences_every)
    if recipe.labelled:
        rows += [
            row for place, row in enumerate(space.labelled_rows()) if fold_of(place) != held_out
        ]
    network, tokenizer = space.start(recipe)
    folder = space.keep(name, network, tokenizer)
    return fit(network, tokenizer, rows, recipe, folder, now=now, guidance=taught)


def _folds(space: Workspace, path: Path, *, now: Callable[[], float]) -> str:
    """Each fold judged by a network that never saw it; the logits are kept for calibration."""
    recipe = read_recipe(path)
    rows = space.labelled_rows()
    found = {task: np.zeros((len(rows), len(LABELS[task])), np.float32) for task in _own(rows)}
    for fold in range(FOLDS):
        name = f"{path.stem}-fold{fold}"
        network = _fitted(space, recipe, name, now=now, held_out=fold)
        _, tokenizer = space.finished(name)
        places = [place for place in range(len(rows)) if fold_of(place) == fold]
        logits, _ = logits_of(
            network, tokenizer, [rows[place].text for place in places], longest=recipe.longest
        )
        for task in found:
            found[task][places] = logits[task]
    folder = space.work / f"{path.stem}-folds"
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / "held-out.npz", allow_pickle=False, **found)
    return own_figures(rows, found)


def own_figures(rows: Sequence[Row], logits: Mapping[str, np.ndarray]) -> str:
    """Macro-F1 of our own sets with 95 % intervals, in per cent."""
    lines = []
    for task, table_ in logits.items():
        held = [place for place, row in enumerate(rows) if row.task == task]
        gold = np.array([rows[place].label for place in held])
        said = table_[held].argmax(1)
        low, high = interval(macro_f1, gold, said)
        lines.append(
            f"{task}: {len(held)} rows, {FOLDS}-fold macro_f1 {100 * macro_f1(gold, said):.2f}  "
            f"{100 * low:.1f} – {100 * high:.1f}"
        )
    return "\n".join(lines)


def _own(rows: Sequence[Row]) -> list[str]:
    return sorted({row.task for row in rows})


def _figures(space: Workspace, run_name: str) -> str:
    network, tokenizer = space.finished(run_name)
    rows = shown(read_rows(space.data, "dev"))
    longest = network.config.max_position_embeddings
    logits, _ = logits_of(network, tokenizer, [row.text for row in rows], longest=longest)
    np.savez(space.work / run_name / "dev.npz", allow_pickle=False, **logits)
    return printed(table(rows, {task: softmax(logits[task]) for task in PUBLIC}))


def _linear(space: Workspace) -> str:
    train = shown(space.train_rows())
    weights = linear.train(train, linear.features([row.text for row in train]))
    folder = space.work / "linear"
    folder.mkdir(parents=True, exist_ok=True)
    linear.save(weights, folder / linear.FILE)
    rows = shown(read_rows(space.data, "dev"))
    logits = linear.logits(weights, linear.features([row.text for row in rows]))
    np.savez(folder / "dev.npz", allow_pickle=False, **logits)
    return printed(table(rows, {task: softmax(values) for task, values in logits.items()}))
