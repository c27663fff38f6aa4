"""Reading the shipped weights, and refusing what is not them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp.targeted.errors import BadTargetedWeights
from nlp.targeted.features import TABLE, VERSION, Vector
from nlp.targeted.weights import MANIFEST, TABLE_FILE, load_weights, read_weights, write_weights


def _table() -> NDArray[np.float32]:
    table = np.linspace(-1, 1, TABLE, dtype=np.float32)
    table[:2] = (7.125, -3.0)
    return table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content, manifest = write_weights(_table(), named=2, slope=2.0, intercept=0.5, threshold=0.4)
    (tmp_path / TABLE_FILE).write_bytes(content)
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    return tmp_path


def _with(folder: Path, **changes: object) -> Path:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | changes))
    return folder


def test_what_was_written_is_read(folder: Path) -> None:
    weights = read_weights(folder)

    assert weights.table[:2].tolist() == [7.125, -3.0]
    assert np.abs(weights.table - _table()).max() <= 0.5 / 127 + 1e-6
    assert (weights.slope, weights.intercept, weights.threshold) == (2.0, 0.5, 0.4)


def test_a_probability_is_calibrated(folder: Path) -> None:
    vector = Vector(np.array([0, 1]), np.array([1.0, 2.0], dtype=np.float32))

    expected = 1 / (1 + np.exp(-((7.125 - 6.0) * 2.0 + 0.5)))
    assert read_weights(folder).probability(vector) == pytest.approx(expected)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTargetedWeights, match=r"cannot be read.*python -m"):
        read_weights(tmp_path)


def test_an_altered_table_is_refused(folder: Path) -> None:
    (folder / TABLE_FILE).write_bytes(b"not it")

    with pytest.raises(BadTargetedWeights, match="sha256"):
        read_weights(folder)


def test_a_manifest_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / MANIFEST).write_text("{")

    with pytest.raises(BadTargetedWeights, match="cannot be read"):
        read_weights(folder)


def test_weights_of_other_features_are_refused(folder: Path) -> None:
    with pytest.raises(BadTargetedWeights, match=f"'old', not '{VERSION}'"):
        read_weights(_with(folder, features="old"))


def test_a_table_of_another_size_is_refused(tmp_path: Path) -> None:
    content, manifest = write_weights(
        np.ones(8, dtype=np.float32), named=2, slope=1.0, intercept=0.0, threshold=0.5
    )
    (tmp_path / TABLE_FILE).write_bytes(content)
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))

    with pytest.raises(BadTargetedWeights, match="8"):
        read_weights(tmp_path)


def test_the_shipped_weights_load() -> None:
    weights = load_weights()

    assert weights.table.shape == (TABLE,)
    assert 0.2 <= weights.threshold <= 0.8
    assert weights.version.startswith("targeted-")
