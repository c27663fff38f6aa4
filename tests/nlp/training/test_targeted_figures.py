"""Pairs and their figures."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.training.targeted_figures import Pairs, f1, figured, paired
from nlp.training.targeted_rows import TEST, NamedPost


def _pairs() -> Pairs:
    posts = [
        NamedPost("极川跑路,云帆报警", ("云帆", "极川", "没提到"), frozenset({"极川"})),
        NamedPost("极川开业", ("极川",), frozenset(), negative=False),
        NamedPost("岚星坏了,墨石没坏", ("岚星", "墨石"), frozenset({"岚星"}), part="test"),
    ]
    fold = np.array([TEST, TEST, TEST])
    return paired(posts, fold=fold, importance=np.ones(3), finance=2)


def test_a_pair_is_an_entity_in_a_post() -> None:
    pairs = _pairs()

    assert pairs.post.tolist() == [0, 0, 0, 1, 2, 2]
    assert pairs.gold.tolist() == [False, True, False, False, True, False]
    assert pairs.first.tolist() == [False, True, False, True, True, False]
    assert pairs.named.tolist() == [True, True, False, True, True, True]
    assert pairs.own.tolist() == [False] * 4 + [True] * 2
    assert pairs.negative.tolist() == [True] * 3 + [False] + [True] * 2


def test_the_figures_of_a_right_answer_are_perfect() -> None:
    pairs = _pairs()

    figures = figured(
        pairs, pairs.gold.astype(float), np.array([1.0, 0.0]), threshold=0.5, for_finance=0.4
    )

    assert figures["finance test, with the gate: F1"] == 1
    assert figures["finance test, negative posts: exact posts"] == 1
    assert figures["own, held out: F1"] == 1
    assert figures["finance test: calibration error"] == 0


def test_who_is_not_named_is_never_said_to_be_blamed() -> None:
    pairs = _pairs()

    figures = figured(pairs, np.ones(6), np.array([1.0, 1.0]), threshold=0.5, for_finance=0.5)

    assert figures["finance test, negative posts: pairs"] == 3
    assert figures["finance test, negative posts: F1"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["finance test, negative posts: exact posts"] == 0


def test_baselines_stand_beside() -> None:
    pairs = _pairs()

    figures = figured(pairs, np.zeros(6), np.array([1.0, 0.0]), threshold=0.5, for_finance=0.5)

    assert figures["own, held out, first entity: F1"] == 1
    assert figures["own, held out, all entities: F1"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["finance test, with the gate, first entity: exact posts"] == 1


def test_f1_without_anything_to_find_is_0() -> None:
    assert f1(np.zeros(2, dtype=bool), np.zeros(2, dtype=bool)) == 0
