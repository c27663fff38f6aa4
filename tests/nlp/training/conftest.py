"""A world in miniature: corpora, own sets, both bases, and the runs that several tests look at."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.tiny_corpora import all_texts, write_corpora, write_labelled
from tests.support.tiny_recipe import write_recipe

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace

TEACHER = "teacher"


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Every text of the world."""
    folder = tmp_path_factory.mktemp("texts")
    write_corpora(folder / "data")
    write_labelled(folder / "labelled")
    return all_texts(folder)


@pytest.fixture(scope="session")
def new_space(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Workspace]:
    """Makes workspaces in which nothing has been run yet."""
    for library in ("torch", "transformers", "safetensors", "scipy", "sklearn"):
        pytest.importorskip(library)
    from nlp.training.workspace import Workspace
    from tests.support.tiny_bases import write_bge, write_e5

    world = tmp_path_factory.mktemp("world")
    write_corpora(world / "data")
    write_labelled(world / "labelled")
    write_e5(world / "e5.bin", texts)
    write_bge(world / "bge", texts)

    def make() -> Workspace:
        return Workspace(
            data=world / "data",
            e5=world / "e5.bin",
            bge=world / "bge",
            work=tmp_path_factory.mktemp("work"),
            labelled=world / "labelled",
        )

    return make


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Runs a stage on one thread, on a clock that stands still."""

    def run(space: Workspace, name: str, **arguments: Any) -> str:
        from nlp.training import stages

        return stages.run(space, Namespace(stage=name, threads=1, **arguments), now=lambda: 0.0)

    return run


@pytest.fixture(scope="session")
def space(
    new_space: Callable[[], Workspace],
    stage: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Workspace:
    """A workspace in which the run `teacher` is finished. Tests add to it, and change nothing."""
    made = new_space()
    path = write_recipe(tmp_path_factory.mktemp("recipes") / f"{TEACHER}.yaml")
    figures: str = stage(made, "fit", recipe=path)
    Path(made.work / "printed.txt").write_text(figures, "utf-8")
    return made
