"""Our side of the process that runs `bench.pipeline`."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bench.served import ROOT


class NoBaseline(Exception):
    """There is nothing to compare with; the message says why, in a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How long one call over all texts took, and what it said of each."""

    items_per_s: float
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A running pipeline; `about` is its torch and its threads."""

    about: str
    _jobs: IO[str]
    _answers: IO[str]

    def run(self, texts: Sequence[str], *, batch_size: int) -> Answered:
        """One call of the pipeline. Raises NoBaseline when it has died."""
        self._jobs.write(json.dumps({"batch_size": batch_size, "texts": list(texts)}) + "\n")
        self._jobs.flush()
        line = self._answers.readline()
        if not line:
            raise NoBaseline("the pipeline ended in the middle of a job")
        answer: dict[str, Any] = json.loads(line)
        return Answered(items_per_s=len(texts) / answer["seconds"], labels=tuple(answer["labels"]))


@contextmanager
def baseline(run: Path | None, *, python: str) -> Iterator[Baseline]:
    """Start it with the interpreter that has [torch]; stop it at the end. Raises NoBaseline."""
    if run is None:
        raise NoBaseline("no --fp32 FOLDER with config.json, tokenizer.json and checkpoint.pt")
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [python, "-m", "bench.pipeline", str(run.resolve())],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            first = process.stdout.readline()
            if not first:
                process.wait()
                errors.seek(0)
                raise NoBaseline(_last_line(errors.read()))
            about = json.loads(first)
            yield Baseline(
                f"torch {about['torch']}, {about['threads']} threads",
                process.stdin,
                process.stdout,
            )
        finally:
            process.stdin.close()
            process.stdout.close()
            process.wait()


def _last_line(text: str) -> str:
    lines = text.strip().splitlines() or ["the pipeline said nothing and ended"]
    hint = "; pip install 'fengsui[torch]'" if "ModuleNotFoundError" in lines[-1] else ""
    return lines[-1] + hint
