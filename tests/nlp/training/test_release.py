"""The release: what is chosen on dev, what is written, what is refused."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")
pytest.importorskip("sklearn")

from nlp.encoder import Head, read_manifest
from nlp.training.corpora import LABELS, PUBLIC, Row
from nlp.training.errors import BadRecipe
from nlp.training.release import companion_weights, in_the_wild, listing_threshold, release
from tests.support.tiny_corpora import DOMAINS

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace

NONE = LABELS["scenario"].index("none")
ROWS = [Row("", task, "x", label % len(LABELS[task])) for task in PUBLIC for label in range(42)]


def chances(*likeliest: tuple[int, float]) -> np.ndarray:
    """A row for each (scenario, its probability), the rest shared by the others."""
    table = np.zeros((len(likeliest), len(LABELS["scenario"])))
    for row, (scenario, chance) in enumerate(likeliest):
        table[row] = (1 - chance) / (table.shape[1] - 1)
        table[row, scenario] = chance
    return table


def test_a_scenario_is_listed_from_where_it_is_right_often_enough() -> None:
    table = chances(*[(0, 0.45)] * 5, *[(0, 0.71)] * 20)
    gold = np.array([*[1] * 5, *[0] * 20])
    assert listing_threshold(table, gold) == pytest.approx(0.46)


def test_where_all_are_right_the_lowest_threshold_serves() -> None:
    assert listing_threshold(chances((0, 0.5), (3, 0.5)), np.array([0, 3])) == pytest.approx(0.3)


def test_where_none_is_right_hardly_anything_is_listed() -> None:
    assert listing_threshold(chances((0, 0.99)), np.array([4])) == 0.9


def test_rows_of_no_scenario_count_only_where_one_would_be_listed() -> None:
    table = chances(*[(NONE, 0.9)] * 30, *[(2, 0.8)] * 10)
    gold = np.array([*[NONE] * 30, *[2] * 10])
    assert listing_threshold(table, gold) == pytest.approx(0.3)


def drawn(task: str, strength: float, seed: int) -> np.ndarray:
    gold = np.array([row.label if row.task == task else 0 for row in ROWS])
    noise = np.random.default_rng(seed).normal(0, 1, (len(ROWS), len(LABELS[task])))
    return np.asarray(strength * np.eye(len(LABELS[task]))[gold] + noise)


def test_a_companion_that_sees_more_is_weighed_and_one_that_does_not_is_not() -> None:
    served = {task: drawn(task, 1.0, 1) for task in PUBLIC}
    extra = {task: drawn(task, 4.0 if task == "abuse" else 0.0, 2) for task in PUBLIC}
    extra["emotion"] = np.zeros_like(extra["emotion"])
    extra["sentiment"] = np.zeros_like(extra["sentiment"])
    weights = companion_weights(ROWS, served, extra)
    assert set(weights) == {"abuse"}
    assert weights["abuse"] >= 0.3


def test_a_folder_that_holds_something_else_is_left_alone(space: Workspace, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BadRecipe, match="holds something else than a served model"):
        release(space, "teacher", tmp_path, version="1", folds=None)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.fixture(scope="module")
def plain(
    space: Workspace,
    new_space: Callable[[], Workspace],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Released without a companion and without folds."""
    alone = replace(space, work=new_space().work)
    shutil.copytree(space.work / "teacher", alone.work / "teacher")
    target = tmp_path_factory.mktemp("models") / "plain"
    release(alone, "teacher", target, version="1", folds=None)
    return target


def test_without_folds_our_own_heads_are_not_served(plain: Path) -> None:
    manifest = read_manifest(plain)
    assert set(manifest.tasks) == set(PUBLIC)
    assert manifest.companion is None


def test_served_heads_are_calibrated(plain: Path) -> None:
    for head in read_manifest(plain).tasks.values():
        assert head.scale != 1.0
        assert sum(head.bias) == pytest.approx(0.0, abs=1e-6)


def test_figures_of_every_domain_and_head_are_kept(plain: Path) -> None:
    figures = json.loads((plain / "figures.json").read_text("utf-8"))
    assert figures["run"] == "teacher"
    assert set(figures["agreement"]) == set(PUBLIC)
    named = {line["domain"] for line in figures["dev"]}
    assert named == DOMAINS | {f"{task} (all)" for task in PUBLIC}
    assert all(0 <= line["low"] <= line["value"] <= line["high"] <= 1 for line in figures["dev"])


def test_a_head_is_moved_from_our_sentences_to_what_people_write() -> None:
    head = Head(labels=("drugs", "none"), bias=(0.0, 0.5))
    moved = in_the_wild(head, 0.5)
    assert moved.bias == pytest.approx((0.0, 0.5 + math.log(9)))
    assert in_the_wild(head, 0.9).bias == pytest.approx(head.bias)
