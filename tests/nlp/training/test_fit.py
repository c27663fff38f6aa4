"""Runs of `fit`: they learn, survive an interruption, and know another recipe's checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

import torch

from nlp.training.corpora import UNLABELLED, Row
from nlp.training.errors import BadRecipe
from nlp.training.fit import fit, padded
from nlp.training.inference import logits_of
from nlp.training.network import Network
from nlp.training.objective import Guidance
from nlp.training.recipe import Recipe
from tests.support.tiny_recipe import tiny_recipe

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace

SHORT = {"passes": {"sentiment/chnsenticorp": 1, "abuse/cold": 1}}


class PowerCutError(Exception):
    """What ends a run that nobody ended."""


class Clock:
    """Every look is `step` seconds after the last; the power goes at look number `cut`."""

    def __init__(self, *, step: float = 0.0, cut: int = -1) -> None:
        self.looks = 0
        self.step = step
        self.cut = cut

    def __call__(self) -> float:
        self.looks += 1
        if self.looks == self.cut:
            raise PowerCutError
        return self.looks * self.step


@pytest.fixture(scope="module")
def rows(space: Workspace) -> list[Row]:
    return space.train_rows()


def run(
    space: Workspace,
    rows: list[Row],
    recipe: Recipe,
    folder: Path,
    *,
    now: Callable[[], float] = lambda: 0.0,
    guidance: Guidance | None = None,
) -> Network:
    torch.manual_seed(recipe.seed)
    network, tokenizer = space.start(recipe)
    return fit(network, tokenizer, rows, recipe, folder, now=now, guidance=guidance)


def same(one: Network, other: Network) -> bool:
    theirs = other.state_dict()
    return all(torch.equal(value, theirs[name]) for name, value in one.state_dict().items())


@pytest.mark.parametrize("quantised", [0.0, 0.6])
@pytest.mark.parametrize("cut", [3, 9])
def test_an_interrupted_run_ends_with_the_weights_of_an_uninterrupted_one(
    space: Workspace, rows: list[Row], tmp_path: Path, cut: int, quantised: float
) -> None:
    recipe = tiny_recipe(**SHORT, batch_tokens=60, quantised_share=quantised)
    whole = run(space, rows, recipe, tmp_path / "whole")
    with pytest.raises(PowerCutError):
        run(space, rows, recipe, tmp_path / "cut", now=Clock(step=400.0, cut=cut))
    stopped = torch.load(tmp_path / "cut" / "checkpoint.pt", weights_only=True)["step"]
    assert 0 < stopped < torch.load(tmp_path / "whole" / "checkpoint.pt", weights_only=True)["step"]
    assert same(run(space, rows, recipe, tmp_path / "cut"), whole)


def test_a_checkpoint_is_not_written_before_its_time(
    space: Workspace, rows: list[Row], tmp_path: Path
) -> None:
    recipe = tiny_recipe(**SHORT, batch_tokens=60)
    with pytest.raises(PowerCutError):
        run(space, rows, recipe, tmp_path, now=Clock(step=60.0, cut=5))
    assert not (tmp_path / "checkpoint.pt").exists()


def test_a_finished_run_is_not_trained_further(
    space: Workspace, rows: list[Row], tmp_path: Path
) -> None:
    recipe = tiny_recipe(**SHORT)
    whole = run(space, rows, recipe, tmp_path)
    clock = Clock()
    assert same(run(space, rows, recipe, tmp_path, now=clock), whole)
    assert clock.looks == 1


def test_the_checkpoint_of_another_recipe_is_refused(
    space: Workspace, rows: list[Row], tmp_path: Path
) -> None:
    run(space, rows, tiny_recipe(**SHORT), tmp_path)
    with pytest.raises(BadRecipe, match=r"checkpoint\.pt was made by another recipe"):
        run(space, rows, tiny_recipe(**SHORT, smoothing=0.3), tmp_path)


@pytest.mark.parametrize("field", ["passes", "tagless"])
def test_a_domain_that_no_row_is_of_is_named(
    space: Workspace, rows: list[Row], tmp_path: Path, field: str
) -> None:
    recipe = tiny_recipe(**{field: {"": 0.0, "sentiment/waimia": 1.0}})
    with pytest.raises(BadRecipe, match=r"no row is of sentiment/waimia; the domains are abuse/"):
        run(space, rows, recipe, tmp_path)


def test_what_was_shown_is_learnt(space: Workspace, rows: list[Row]) -> None:
    network, tokenizer = space.finished("teacher")
    held = [row for row in rows if row.domain in ("weibo3", "cold")]
    logits, _ = logits_of(network, tokenizer, [row.text for row in held], longest=32)
    right = [logits[row.task][place].argmax() == row.label for place, row in enumerate(held)]
    assert np.mean(right) > 0.8


def test_distillation_brings_the_student_to_the_teacher(space: Workspace, tmp_path: Path) -> None:
    posts = [Row(row.text, "", "unlabelled", UNLABELLED) for row in space.train_rows()]
    texts = [row.text for row in posts]
    network, tokenizer = space.finished("teacher")
    taught, _ = logits_of(network, tokenizer, texts, longest=32)
    recipe = tiny_recipe(passes={"/unlabelled": 2}, tagless={}, soft_weight=1.0, layers=(1,))

    def distance(student: Network) -> float:
        found, _ = logits_of(student, tokenizer, texts, longest=32)
        one, other = (torch.tensor(x["sentiment"]).log_softmax(-1) for x in (found, taught))
        return float(torch.nn.functional.kl_div(one, other, log_target=True, reduction="batchmean"))

    torch.manual_seed(recipe.seed)
    before = distance(space.start(recipe)[0])
    after = distance(run(space, posts, recipe, tmp_path, guidance=Guidance(logits=taught)))
    assert after < before / 2


def test_sentence_vectors_turn_to_those_that_are_known(space: Workspace, tmp_path: Path) -> None:
    posts = [Row(row.text, "", "unlabelled", UNLABELLED) for row in space.train_rows()]
    target = np.zeros((len(posts), 512), np.float16)
    target[:, 7] = 1.0
    known = Guidance(logits={"abuse": np.zeros((len(posts), 2), np.float32)}, vectors=target)
    recipe = tiny_recipe(passes={"/unlabelled": 6}, tagless={}, sentence_weight=1.0)
    network = run(space, posts, recipe, tmp_path, guidance=known)
    _, tokenizer = space.start(recipe)
    _, vectors = logits_of(network, tokenizer, [posts[0].text], longest=32)
    assert vectors[0, 7] / np.linalg.norm(vectors[0]) > 0.8


def test_a_batch_is_as_wide_as_its_longest_text() -> None:
    ids, mask = padded([[5, 6, 7], [8]], 1)
    assert ids.tolist() == [[5, 6, 7], [8, 1, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]
