"""The analyser as it ships, or over another served model, with its backend's phases timed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from nlp import Analyzer, load_analyzer
from nlp.encoder import Backend, Outputs, Prepared, Reading, Window, load_backend, shipped_model

PHASES = ("prepare", "infer", "finish")


class TimedBackend:
    """A backend that adds up the seconds of each phase."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.seconds = dict.fromkeys(PHASES, 0.0)

    @property
    def version(self) -> str:
        return self._backend.version

    @property
    def tasks(self) -> frozenset[str]:
        return self._backend.tasks

    def prepare(self, texts: Sequence[str]) -> list[Prepared]:
        start = time.perf_counter()
        try:
            return self._backend.prepare(texts)
        finally:
            self.seconds["prepare"] += time.perf_counter() - start

    def infer(self, windows: Sequence[Window]) -> Outputs:
        start = time.perf_counter()
        try:
            return self._backend.infer(windows)
        finally:
            self.seconds["infer"] += time.perf_counter() - start

    def finish(self, prepared: Prepared, outputs: Outputs) -> Reading:
        start = time.perf_counter()
        try:
            return self._backend.finish(prepared, outputs)
        finally:
            self.seconds["finish"] += time.perf_counter() - start


def shipped_backend(model: Path | None, *, threads: int | None = None) -> TimedBackend | None:
    """The backend of `model`, or the shipped one, or None where none ships.

    Raises ModelMissing, BadModel.
    """
    if model is None and shipped_model() is None:
        return None
    return TimedBackend(load_backend(model, threads=threads))


def analyzer_over(backend: Backend | None) -> Analyzer:
    """The analyser that ships, with this backend; without one it works from words alone."""
    return load_analyzer(backends=() if backend is None else (backend,))
