"""The weights of size prediction."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from nlp.spread.growth import WINDOWS, read_growth_weights
from nlp.training.cascade import FEWEST, chosen_penalty, fitted, main, out_of_fold
from nlp.training.cascade_rows import GrownCascade

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


def grown(seed: int) -> GrownCascade:
    """Four times as large as it is after its first half hour, more or less."""
    draw = np.random.default_rng(seed)
    early = int(draw.integers(10, 200))
    minutes = [0.0, *draw.uniform(0, 30, early), *draw.uniform(30, 3_000, 3 * early)]
    ages = tuple(sorted(timedelta(minutes=float(one)) for one in minutes))
    return GrownCascade(f"c{seed}", BEGAN + timedelta(hours=seed), 100 * seed, ages)


def written(folder: Path, cascades: Sequence[GrownCascade]) -> Path:
    (folder / "streams" / "cascades").mkdir(parents=True)
    for one in cascades:
        path = folder / "streams" / "cascades" / f"{one.name}.jsonl.gz"
        with gzip.open(path, "wt", encoding="utf-8") as file:
            for number, age in enumerate(one.ages):
                row = {"native_id": str(number), "published_at": (one.began + age).isoformat()}
                row |= {"repost_of": "0"} if number else {}
                author = {"id": "a", "followers": one.followers}
                file.write(json.dumps({**row, "author": author}) + "\n")
    return folder


def test_a_straight_line_is_found() -> None:
    table = np.random.default_rng(1).normal(size=(200, 3))
    logs = table @ np.array([1.0, -2.0, 0.0]) + 5
    weights, mean, scale, intercept = fitted(table, logs, penalty=1e-9)
    assert (table - mean) / scale @ weights + intercept == pytest.approx(logs)


def test_a_constant_feature_does_no_harm() -> None:
    table = np.ones((20, 2))
    weights, _, scale, _ = fitted(table, np.arange(20.0), penalty=1)
    assert weights.tolist() == [0, 0]
    assert scale.tolist() == [1, 1]


def test_noise_is_punished_more_than_a_signal() -> None:
    draw = np.random.default_rng(3)
    table = draw.normal(size=(60, 6))
    assert chosen_penalty(table, draw.normal(size=60)) > chosen_penalty(table, table.sum(axis=1))


def test_guesses_are_out_of_fold_and_the_regression_learns() -> None:
    cascades = [grown(seed) for seed in range(40)]
    sizes = np.array([len(one.ages) for one in cascades])
    said = out_of_fold(cascades, window=WINDOWS[0], repeat=0)
    error = {name: np.median(np.abs(guess - sizes) / sizes) for name, guess in said.items()}
    assert error["ridge"] < 0.2 < error["median"]
    assert error["last_observed"] == pytest.approx(0.75, abs=0.02)
    assert all((guess >= said["last_observed"]).all() for guess in said.values())


def test_weights_are_written_and_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = written(tmp_path / "data", [grown(seed) for seed in range(30)])
    assert main(["--data", str(data), "--out", str(tmp_path / "out")]) == 0
    found = read_growth_weights(tmp_path / "out" / "weights.json")
    assert {one.fewest for one in found.windows.values()} == {FEWEST}
    document = json.loads(capsys.readouterr().out)
    figures = document["windows"]["1800"]["figures"]
    assert set(figures) == {"ridge", "median", "multiple", "seismic", "last_observed"}


def test_the_same_cascades_say_the_same() -> None:
    cascades = [grown(seed) for seed in range(20)]
    first, second = (out_of_fold(cascades, window=WINDOWS[1], repeat=3) for _ in range(2))
    assert {name: guess.tolist() for name, guess in first.items()} == {
        name: guess.tolist() for name, guess in second.items()
    }


def test_a_missing_corpus_ends_in_2(tmp_path: Path) -> None:
    assert main(["--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
