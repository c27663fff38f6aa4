"""What a step minimises, against sums worked out one row at a time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from nlp.training.corpora import UNLABELLED, Row
from nlp.training.objective import Guidance, loss_of
from tests.support.tiny_recipe import tiny_recipe

GOOD = Row("好", "sentiment", "x", 2)
CURSE = Row("蠢", "abuse", "x", 1)
POST = Row("帖", "", "unlabelled", UNLABELLED)


def logits(rows: int, **tables: list[list[float]]) -> dict[str, torch.Tensor]:
    """Zeros for every task but those given."""
    found = {"sentiment": 3, "emotion": 7, "abuse": 2, "intent": 6, "scenario": 13}
    return {
        task: torch.tensor(tables[task]) if task in tables else torch.zeros(rows, labels)
        for task, labels in found.items()
    }


def loss(
    rows: list[Row], tables: dict[str, torch.Tensor], guidance: Guidance | None = None, **kw: Any
) -> float:
    recipe = tiny_recipe(**{"smoothing": 0.0, **kw})
    vectors = torch.ones(len(rows), 2)
    return float(loss_of(tables, vectors, rows, range(len(rows)), recipe, guidance))


def test_a_row_is_charged_for_its_own_task_only() -> None:
    tables = logits(2, sentiment=[[0.0, 0.0, 1.0], [9.0, 0.0, 0.0]])
    expected = (math.log(2 + math.e) - 1 + math.log(2)) / 2
    assert loss([GOOD, CURSE], tables) == pytest.approx(expected)


def test_a_tasks_weight_multiplies_its_rows() -> None:
    assert loss([GOOD, CURSE], logits(2), task_weights={"abuse": 3.0}) == pytest.approx(
        (math.log(3) + 3 * math.log(2)) / 2
    )


def test_a_post_that_nobody_judged_costs_nothing_without_a_teacher() -> None:
    assert loss([POST], logits(1)) == 0.0


def test_smoothing_charges_certainty() -> None:
    sure = logits(1, sentiment=[[0.0, 0.0, 30.0]])
    assert loss([GOOD], sure) < 1e-6
    assert loss([GOOD], sure, smoothing=0.05) > 0.5


def test_the_teachers_divergence_is_warm_and_scaled_by_its_square() -> None:
    teacher = Guidance(logits={"abuse": np.array([[0.0, 2.0]], np.float16)})
    chance = 1 / (1 + math.exp(-2 / 2))
    divergence = chance * math.log(2 * chance) + (1 - chance) * math.log(2 * (1 - chance))
    found = loss([POST], logits(1), teacher, soft_weight=0.5, temperature=2.0)
    assert found == pytest.approx(0.5 * 4 * divergence, rel=1e-4)


def test_agreeing_with_the_teacher_costs_nothing() -> None:
    teacher = Guidance(logits={"abuse": np.array([[0.0, 2.0]], np.float16)})
    same = logits(1, abuse=[[1.0, 3.0]])
    assert loss([POST], same, teacher, soft_weight=1.0) == pytest.approx(0.0, abs=1e-6)


def test_a_teacher_counts_less_on_a_task_that_the_row_is_not_of() -> None:
    teacher = Guidance(logits={"abuse": np.array([[0.0, 2.0]], np.float16)})
    own = loss([POST], logits(1), teacher, soft_weight=1.0)
    other = loss([GOOD], logits(1), teacher, soft_weight=1.0) - math.log(3)
    assert other == pytest.approx(0.3 * own, rel=1e-4)


def test_rows_beyond_the_teachers_have_only_their_label() -> None:
    teacher = Guidance(logits={"abuse": np.array([[0.0, 2.0]], np.float16)})
    tables = logits(2, abuse=[[0.0, 2.0], [5.0, -5.0]])
    found = loss([POST, GOOD], tables, teacher, soft_weight=1.0)
    assert found == pytest.approx(math.log(3) / 2, rel=1e-4)


def test_sentence_vectors_turn_towards_those_that_are_known() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 0.0], [2.0, 2.0]], np.float16)
    teacher = Guidance(logits={"abuse": np.zeros((3, 2), np.float16)}, vectors=vectors)
    found = loss([POST] * 3, logits(3), teacher, soft_weight=1.0, sentence_weight=0.5)
    assert found == pytest.approx(0.5 * (1 - 1 / math.sqrt(2)) / 3, rel=1e-4)


def test_without_teachers_nothing_is_known() -> None:
    assert Guidance(logits={}).known == 0
