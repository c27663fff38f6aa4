"""Soft labels and sentence vectors: of the right rows, computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")

from nlp.training.corpora import LABELS, PUBLIC, Row
from nlp.training.guidance import digest, guidance, sentence_vectors, soft_labels
from nlp.training.inference import logits_of

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace


@pytest.fixture(scope="module")
def rows(space: Workspace) -> list[Row]:
    return space.train_rows(unlabelled=5)


def test_soft_labels_are_what_the_teacher_says(space: Workspace, rows: list[Row]) -> None:
    found = soft_labels(space, "teacher", rows)
    network, tokenizer = space.finished("teacher")
    exact, _ = logits_of(network, tokenizer, [row.text for row in rows], longest=32)
    assert {task: table.shape for task, table in found.items()} == {
        task: (len(rows), len(LABELS[task])) for task in PUBLIC
    }
    alike = found["sentiment"].argmax(1) == exact["sentiment"].argmax(1)
    assert alike.mean() > 0.85


def test_soft_labels_are_computed_once(space: Workspace, rows: list[Row]) -> None:
    soft_labels(space, "teacher", rows)
    path = space.work / "teacher" / f"soft-{digest(rows)}.npz"
    written = path.stat().st_mtime_ns
    soft_labels(space, "teacher", rows)
    assert path.stat().st_mtime_ns == written


def test_soft_labels_of_other_rows_are_others(rows: list[Row]) -> None:
    assert digest(rows[:3]) != digest(rows[2::-1])


def test_teachers_are_summed_by_their_weights(space: Workspace, rows: list[Row]) -> None:
    alone = soft_labels(space, "teacher", rows)
    found = guidance(space, rows, {"teacher": 0.25}, sentences_every=0)
    assert found.vectors is None
    assert found.known == len(rows)
    assert np.allclose(found.logits["abuse"], 0.25 * alone["abuse"].astype(np.float32))


def test_every_third_row_has_a_sentence_vector_of_unit_length(
    space: Workspace, rows: list[Row]
) -> None:
    lengths = np.linalg.norm(sentence_vectors(space, rows, every=3).astype(np.float32), axis=1)
    assert lengths[::3] == pytest.approx(np.ones(len(lengths[::3])), abs=1e-2)
    assert not lengths[1::3].any()
    assert not lengths[2::3].any()


def test_a_sentence_vector_is_of_its_own_text(space: Workspace, rows: list[Row]) -> None:
    twice = [rows[0], rows[1], rows[1], rows[0]]
    one, other, same, again = sentence_vectors(space, twice, every=1).astype(np.float32)
    assert one @ again > 0.99
    assert other @ same > 0.99
    assert one @ other < 0.99
