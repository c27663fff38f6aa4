"""Makes the weights of targeted sentiment, prints its figures: `python -m nlp.training.targeted`.

Takes a minute on one core. A pair is an entity in a post; the model is learned on the pairs of
negative posts, tuned and calibrated on out-of-fold log-odds, and tried once on what is held out.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from nlp.targeted.entity import Entity
from nlp.targeted.features import NAMED, TABLE, Vector
from nlp.targeted.mentions import MentionFinder
from nlp.targeted.ngrams import ngram_buckets
from nlp.targeted.phrases import PHRASES
from nlp.targeted.signs import NAMES
from nlp.targeted.slots import OTHER, slotted
from nlp.targeted.weights import MANIFEST, TABLE_FILE, write_weights
from nlp.text.normalizer import normalize
from nlp.training.errors import TrainingError
from nlp.training.logistic import fit_logistic, log_odds
from nlp.training.targeted_figures import Bools, Floats, Ints, Pairs, f1, figured, paired
from nlp.training.targeted_rows import (
    FOLDS,
    TEST,
    NamedPost,
    copy_groups,
    folds,
    read_finance,
    read_own,
)

SEED = 20
PENALTY = 6e-4
GATE_PENALTY = 1e-4
# A row of ours is worth this many of finance: it is the one that looks like what we serve.
OWN_IMPORTANCE = 10.0
_LOG = logging.getLogger(__name__)


def main(arguments_given: Sequence[str] | None = None) -> int:
    """Writes weights.npz and manifest.json, prints the figures; exit 2 when a corpus is bad."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m nlp.training.targeted", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("..") / "shared" / "data")
    parser.add_argument("--out", type=Path, default=Path("nlp/models/targeted"))
    arguments = parser.parse_args(arguments_given)
    torch.set_num_threads(1)
    try:
        finance, own = read_finance(arguments.data), read_own()
    except TrainingError as error:
        _LOG.error("%s", error)
        return 2
    figures, content, manifest = made(finance, own)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / TABLE_FILE).write_bytes(content)
    document = json.dumps({**manifest, "figures": figures}, indent=1, sort_keys=True)
    (arguments.out / MANIFEST).write_text(document + "\n", "utf-8")
    sys.stdout.write(document + "\n")
    return 0


def made(
    finance: Sequence[NamedPost], own: Sequence[NamedPost]
) -> tuple[dict[str, float], bytes, dict[str, object]]:
    """The figures, the content of weights.npz and the manifest."""
    posts = [*finance, *own]
    groups = copy_groups([post.text for post in finance])
    finance_folds = folds(groups, seed=SEED)
    taught = iter(np.random.default_rng(SEED).permutation(len(own)))
    own_folds = [TEST if post.part == "test" else int(next(taught)) % FOLDS for post in own]
    fold = np.array([*finance_folds, *own_folds])
    sizes = Counter(groups)
    # A text copied a hundred times teaches like ten.
    weight = [sizes[group] ** -0.5 for group in groups] + [OWN_IMPORTANCE] * len(own)
    pairs = paired(posts, fold=fold, importance=np.array(weight), finance=len(finance))
    learnt = pairs.negative & pairs.named & (pairs.fold != TEST)
    odds = _out_of_fold(pairs)
    slope, intercept = _calibration(odds[learnt], pairs.gold[learnt], pairs.own[learnt])
    odds = odds * slope + intercept
    chance = 1 / (1 + np.exp(-odds))
    threshold = _threshold(chance[learnt], pairs.gold[learnt], pairs.own[learnt])
    table = _fit(pairs, learnt)
    held = pairs.fold == TEST
    chance[held] = 1 / (1 + np.exp(-(log_odds(pairs.where(held), table) * slope + intercept)))
    gate = _gate(posts[: len(finance)], fold[: len(finance)], np.array(weight[: len(finance)]))
    both = chance[learnt], pairs.gold[learnt]
    ours = pairs.own[learnt]
    figures = figured(
        pairs,
        chance,
        gate,
        threshold=threshold,
        for_finance=_threshold(both[0][~ours], both[1][~ours], ours[~ours]),
    )
    content, manifest = write_weights(
        table, named=len(NAMED), slope=slope, intercept=intercept, threshold=threshold
    )
    return figures, content, manifest


def _fit(pairs: Pairs, kept: Bools) -> NDArray[np.float32]:
    prior = np.zeros(TABLE, dtype=np.float32)
    prior[len(NAMES) : len(NAMED)] = [expected for _, expected in PHRASES.values()]
    return fit_logistic(
        pairs.where(kept),
        pairs.gold[kept].tolist(),
        pairs.importance[kept].tolist(),
        penalty=np.full(TABLE, PENALTY, dtype=np.float32),
        prior=prior,
    )


def _out_of_fold(pairs: Pairs) -> Floats:
    odds = np.zeros(len(pairs.gold))
    for fold in range(FOLDS):
        taught = pairs.negative & pairs.named & (pairs.fold != TEST) & (pairs.fold != fold)
        asked = pairs.fold == fold
        odds[asked] = log_odds(pairs.where(asked), _fit(pairs, taught))
        _LOG.info("fold %d of %d", fold + 1, FOLDS)
    return odds


def _gate(posts: Sequence[NamedPost], fold: Ints, importance: Floats) -> Floats:
    """The probability that each post is negative, by its n-grams with the names masked."""
    bags = []
    for post in posts:
        finder = MentionFinder([Entity(name) for name in post.entities])
        normal = normalize(post.text).text
        masked = slotted(normal, finder.find(normal), entities=len(post.entities))
        view = "".join(
            OTHER if character > "\U000effff" else character for character in masked.text
        )
        places = ngram_buckets(view, orders=(1, 2, 3), salt=0, buckets=TABLE - 1) + 1
        values = np.full(len(places), max(1, len(places)) ** -0.5, dtype=np.float32)
        bags.append(
            Vector(np.concatenate([[0], places]), np.concatenate([[1], values]).astype(np.float32))
        )
    taught = np.flatnonzero(fold != TEST).tolist()
    negative = [post.negative for post in posts]
    weights = fit_logistic(
        [bags[place] for place in taught],
        [negative[place] for place in taught],
        importance[taught].tolist(),
        penalty=np.full(TABLE, GATE_PENALTY, dtype=np.float32),
        prior=np.zeros(TABLE, dtype=np.float32),
    )
    return np.asarray(1 / (1 + np.exp(-log_odds(bags, weights).astype(np.float64))))


def _calibration(odds: Floats, gold: Bools, own: Bools) -> tuple[float, float]:
    """Slope and intercept of Platt's sigmoid (Platt 1999); ours and finance weigh the same."""
    share = torch.from_numpy(np.where(own, 0.5 / max(1, own.sum()), 0.5 / max(1, (~own).sum())))
    scores, target = torch.from_numpy(odds), torch.from_numpy(gold.astype(np.float64))
    both = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([both], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        per_pair = torch.nn.functional.binary_cross_entropy_with_logits(
            scores * both[0] + both[1], target, reduction="none"
        )
        total: torch.Tensor = (per_pair * share).sum()
        total.backward()
        return total

    optimiser.step(loss)
    slope, intercept = both.detach().tolist()
    return float(slope), float(intercept)


def _threshold(chance: Floats, gold: Bools, own: Bools) -> float:
    """The probability from which an entity is blamed: the best mean of the two F1."""

    def worth(threshold: float) -> float:
        said = chance >= threshold
        return f1(gold[own], said[own]) + f1(gold[~own], said[~own])

    return float(max(np.arange(20, 81) / 100, key=worth))


if __name__ == "__main__":
    sys.exit(main())
