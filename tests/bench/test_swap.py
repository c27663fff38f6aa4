"""The bench of swaps runs and says what it measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.swap import made, main


def test_entries_differ() -> None:
    assert len({entry.normal for entry in made(1_500)}) == 1_500


def test_figures_are_told_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "swap.json"
    main(["--entries", "50", "--rounds", "1", "--json", str(file)])
    (figures,) = json.loads(file.read_text())
    assert figures["entries"] == 50
    assert figures["build_s"] > figures["swap_us"] / 1e6
    assert "50 entries: built in" in capsys.readouterr().out
