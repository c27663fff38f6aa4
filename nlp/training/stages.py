"""What each stage does, and the text that it prints."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from nlp.training import linear
from nlp.training.calibration import softmax
from nlp.training.corpora import PUBLIC, Row, read_rows
from nlp.training.evaluation import printed, shown, table
from nlp.training.fit import fit
from nlp.training.guidance import guidance
from nlp.training.harmless import harmless_rows
from nlp.training.inference import logits_of
from nlp.training.labelled import FOLDS, fold_of
from nlp.training.network import Network
from nlp.training.recipe import Recipe, read_recipe
from nlp.training.release import HELD_OUT, PLACES, release
from nlp.training.scores import interval, macro_f1
from nlp.training.workspace import Workspace


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
    recipe, name = read_recipe(path), path.stem
    network = _fitted(space, recipe, name, now=now)
    figures = _figures(space, name)
    if recipe.held_out is None:
        return figures
    judged = _judged(space, network, name, recipe, fold=recipe.held_out)
    return f"{figures}\n{_kept(space, name, judged)}"


def _fitted(space: Workspace, recipe: Recipe, name: str, *, now: Callable[[], float]) -> Network:
    """A run of a recipe; of our own sets without the rows of the fold that it holds out."""
    torch.manual_seed(recipe.seed)
    rows = space.train_rows(unlabelled=recipe.unlabelled)
    taught = None
    if recipe.teachers or recipe.sentences_every:
        teachers = recipe.teachers or {}
        taught = guidance(space, rows, teachers, sentences_every=recipe.sentences_every)
    if recipe.harmless:
        rows += harmless_rows(rows, most=recipe.harmless)
    if recipe.labelled:
        rows += [row for row in space.labelled_rows() if fold_of(row) != recipe.held_out]
    network, tokenizer = space.start(recipe)
    folder = space.keep(name, network, tokenizer)
    return fit(network, tokenizer, rows, recipe, folder, now=now, guidance=taught)


def _folds(space: Workspace, path: Path, *, now: Callable[[], float]) -> str:
    """Each fold judged by a network that never saw it; the logits are kept for calibration."""
    recipe = read_recipe(path)
    found: dict[str, list[np.ndarray]] = {}
    for fold in range(FOLDS):
        name = f"{path.stem}-fold{fold}"
        network = _fitted(space, replace(recipe, held_out=fold), name, now=now)
        for key, values in _judged(space, network, name, recipe, fold=fold).items():
            found.setdefault(key, []).append(values)
    whole = {key: np.concatenate(parts) for key, parts in found.items()}
    return _kept(space, f"{path.stem}-folds", whole)


def _judged(
    space: Workspace, network: Network, name: str, recipe: Recipe, *, fold: int
) -> dict[str, np.ndarray]:
    """What a network that never saw `fold` says of it: logits a task, and PLACES of the rows."""
    _, tokenizer = space.finished(name)
    rows = space.labelled_rows()
    places = [place for place, row in enumerate(rows) if fold_of(row) == fold]
    texts = [rows[place].text for place in places]
    logits, _ = logits_of(network, tokenizer, texts, longest=recipe.longest)
    return {PLACES: np.array(places), **{task: logits[task] for task in _own(rows)}}


def _kept(space: Workspace, name: str, judged: Mapping[str, np.ndarray]) -> str:
    folder = space.work / name
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / HELD_OUT, allow_pickle=False, **judged)
    rows = space.labelled_rows()
    logits = {task: values for task, values in judged.items() if task != PLACES}
    return own_figures([rows[place] for place in judged[PLACES]], logits)


def own_figures(rows: Sequence[Row], logits: Mapping[str, np.ndarray]) -> str:
    """Macro-F1 of rows of our own sets that were held out, in per cent, with 95 % intervals."""
    lines = []
    for task, table_ in logits.items():
        held = [place for place, row in enumerate(rows) if row.task == task]
        gold = np.array([rows[place].label for place in held])
        said = table_[held].argmax(1)
        low, high = interval(macro_f1, gold, said)
        lines.append(
            f"{task}: {len(held)} rows held out, macro_f1 {100 * macro_f1(gold, said):.2f}  "
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
