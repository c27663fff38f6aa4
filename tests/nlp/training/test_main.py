"""The command: a figure on stdout, or one line on what is missing and exit 2."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("sklearn")

from nlp.training.__main__ import main

if TYPE_CHECKING:
    from nlp.training.workspace import Workspace


def command(space: Workspace, *words: str) -> list[str]:
    folders = ["--data", str(space.data), "--work", str(space.work), "--e5", str(space.e5)]
    return [*folders, "--bge", str(space.bge), "--threads", "1", *words]


def test_figures_go_to_standard_output(
    space: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(space, "evaluate", "teacher")) == 0
    assert "sentiment/weibo3" in capsys.readouterr().out


def test_what_is_missing_is_one_line_and_exit_2(
    space: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(space, "evaluate", "nobody")) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.startswith("run 'nobody' has left nothing")


def test_a_recipe_that_is_not_there_is_named(
    space: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(space, "fit", str(tmp_path / "none.yaml"))) == 2
    assert "none.yaml: cannot be read" in capsys.readouterr().err


def test_a_stage_must_be_named() -> None:
    with pytest.raises(SystemExit, match="2"):
        main([])
