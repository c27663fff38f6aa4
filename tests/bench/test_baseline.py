"""The process beside: what it says is read, and its absence is told in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.baseline import NoBaseline, baseline

SPEAKS = """#!/bin/sh
echo '{"torch": "9.9", "threads": 2}'
read job
echo '{"seconds": 0.5, "labels": ["neutral", "positive"]}'
"""
LACKS = """#!/bin/sh
echo "ModuleNotFoundError: No module named 'torch'" >&2
exit 1
"""


def test_no_folder_is_no_baseline() -> None:
    with pytest.raises(NoBaseline, match="--fp32 FOLDER"), baseline(None, python="unused"):
        pass


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    python = _script(tmp_path, LACKS)
    with pytest.raises(NoBaseline, match=r"'torch'; pip install 'fengsui\[torch\]'"):
        _enter(tmp_path, python)


def test_a_silent_end_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoBaseline, match="said nothing"):
        _enter(tmp_path, _script(tmp_path, "#!/bin/sh\nexit 1\n"))


def test_a_job_is_answered(tmp_path: Path) -> None:
    with baseline(tmp_path, python=_script(tmp_path, SPEAKS)) as pipeline:
        answered = pipeline.run(["甲", "乙"], batch_size=2)
    assert pipeline.about == "torch 9.9, 2 threads"
    assert (answered.items_per_s, answered.labels) == (4.0, ("neutral", "positive"))


def test_a_death_in_the_middle_is_told(tmp_path: Path) -> None:
    dies = SPEAKS.splitlines(keepends=True)[:3]
    python = _script(tmp_path, "".join(dies))
    with pytest.raises(NoBaseline, match="in the middle"), baseline(tmp_path, python=python) as it:
        it.run(["甲"], batch_size=1)


def _enter(run: Path, python: str) -> None:
    with baseline(run, python=python):
        pass


def _script(folder: Path, text: str) -> str:
    path = folder / "python"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return str(path)
