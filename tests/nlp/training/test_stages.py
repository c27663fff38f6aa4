"""The stages, one after the other, over the miniature world."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")
pytest.importorskip("sklearn")

from nlp.encoder import OnnxBackend
from nlp.training.corpora import LABELS, Row
from nlp.training.errors import BadRecipe
from nlp.training.labelled import fold_of
from nlp.training.stages import own_figures
from tests.support.tiny_corpora import DOMAINS
from tests.support.tiny_recipe import OWN_PASSES, write_recipe

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace

Stage = Callable[..., str]


@pytest.fixture(scope="module")
def folded(space: Workspace, stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folds of a student taught by the teacher, of whom `release` needs the logits."""
    path = tmp_path_factory.mktemp("recipes") / "student.yaml"
    write_recipe(
        path,
        base="teacher",
        layers=(0, 1),
        labelled=True,
        teachers={"teacher": 1.0},
        soft_weight=0.3,
        passes=OWN_PASSES,
    )
    return stage(space, "folds", recipe=path)


@pytest.fixture(scope="module")
def served(
    space: Workspace, stage: Stage, folded: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    stage(space, "linear")
    target = tmp_path_factory.mktemp("models") / "encoder"
    printed = stage(
        space, "serve", run="teacher", target=target, version="7", folds="student-folds", without=()
    )
    return target, printed


def test_fit_prints_a_line_a_domain_of_dev(space: Workspace) -> None:
    lines = (space.work / "printed.txt").read_text("utf-8").splitlines()
    assert {line.split()[0] for line in lines[1:]} == DOMAINS


def test_evaluate_prints_what_fit_printed(space: Workspace, stage: Stage) -> None:
    assert stage(space, "evaluate", run="teacher") == (space.work / "printed.txt").read_text(
        "utf-8"
    )


def test_each_own_row_is_judged_by_a_fold_that_never_saw_it(space: Workspace, folded: str) -> None:
    assert folded.splitlines()[0].startswith("intent: 30 rows held out, macro_f1 ")
    assert folded.splitlines()[1].startswith("moderation: 85 rows held out, macro_f1 ")
    assert folded.splitlines()[2].startswith("scenario: 65 rows held out, macro_f1 ")
    with np.load(space.work / "student-folds" / "held-out.npz") as stored:
        assert {name: stored[name].shape for name in stored.files} == {
            "intent": (180, 6),
            "moderation": (180, 17),
            "scenario": (180, 13),
            "places": (180,),
        }
        assert sorted(stored["places"]) == list(range(180))


def test_fit_judges_the_fold_that_it_held_out(
    space: Workspace, stage: Stage, tmp_path: Path
) -> None:
    recipe = tmp_path / "kept.yaml"
    write_recipe(
        recipe,
        base="teacher",
        layers=(0, 1),
        labelled=True,
        held_out=2,
        harmless=8,
        passes={**OWN_PASSES, "moderation/everyday": 1, "scenario/everyday": 1},
    )
    printed = stage(space, "fit", recipe=recipe)
    rows = space.labelled_rows()
    held = [place for place, row in enumerate(rows) if fold_of(row) == 2]
    with np.load(space.work / "kept" / "held-out.npz") as stored:
        assert stored["places"].tolist() == held
        assert stored["intent"].shape == (len(held), 6)
    assert "scenario: " in printed


def test_linear_leaves_its_arrays_and_figures(space: Workspace, served: tuple[Path, str]) -> None:
    assert (space.work / "linear" / "ngrams.npz").exists()
    with np.load(space.work / "linear" / "dev.npz") as stored:
        assert set(stored.files) == {"sentiment", "emotion", "abuse"}


def test_what_is_served_loads_and_answers_every_task(served: tuple[Path, str]) -> None:
    backend = OnnxBackend.load(served[0], threads=1)
    assert backend.tasks == {*LABELS, "vector"}
    prepared = backend.prepare(["we房间太差了8", "co房间你说得对8", "co房间你这蠢货8"])
    bad, right, curse = (backend.finish(one, backend.infer(one.windows)) for one in prepared)
    assert bad.sentiment is not None
    assert bad.sentiment.label == "negative"
    assert right.abuse is not None
    assert curse.abuse is not None
    assert right.abuse < 0.5 < curse.abuse


def test_serving_prints_figures_and_agreement(served: tuple[Path, str]) -> None:
    assert "sentiment (all)" in served[1]
    assert "scenario (held out)" in served[1]
    assert "int8 and fp32 decide alike: sentiment " in served[1]


def test_a_task_may_be_left_out_of_what_is_served(
    space: Workspace, stage: Stage, served: tuple[Path, str], tmp_path: Path
) -> None:
    target = tmp_path / "encoder"
    options = {"version": "8", "folds": "student-folds", "without": ["scenario"]}
    printed = stage(space, "serve", run="teacher", target=target, **options)
    assert "scenario (held out)" in printed
    tasks = OnnxBackend.load(target, threads=1).tasks
    assert tasks == OnnxBackend.load(served[0], threads=1).tasks - {"scenario"}


def test_an_unknown_run_leaves_no_folder(space: Workspace, stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(BadRecipe, match="fit it first"):
        stage(
            space, "serve", run="nobody", target=tmp_path / "m", version="1", folds=None, without=()
        )
    assert not (tmp_path / "m").exists()


def test_own_figures_judge_a_task_by_its_own_rows() -> None:
    rows = [Row("a", "intent", "own", 0), Row("b", "scenario", "own", 1)]
    logits = {"intent": np.eye(2, 6), "scenario": np.eye(2, 13)[::-1]}
    first, second = own_figures(rows, logits).splitlines()
    assert first == "intent: 1 rows held out, macro_f1 100.00  100.0 – 100.0"
    assert second == "scenario: 1 rows held out, macro_f1 0.00  0.0 – 0.0"
