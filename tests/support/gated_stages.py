"""Stages of a line whose steps stop at gates that the test opens."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.batching import Failure


@dataclass(frozen=True)
class Piece:
    """A part of an item: its name and size."""

    item: str
    place: int
    tokens: int


class Gate:
    """Open until `shut`; a thread that comes to a shut gate waits, at most ten seconds."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self.reached = threading.Event()

    def shut(self) -> None:
        self._open.clear()
        self.reached.clear()

    def open(self) -> None:
        self._open.set()

    def pass_through(self) -> None:
        self.reached.set()
        assert self._open.wait(10), "nobody opened the gate"


@dataclass
class GatedStages:
    """An item is "name:size*parts": its answer is its name, a capital for each part.

    Names that begin with `bad-STEP` fail in that step whenever they are in a batch.
    """

    prepared: list[list[str]] = field(default_factory=list)
    inferred: list[list[str]] = field(default_factory=list)
    threads: dict[str, set[str]] = field(default_factory=dict)
    preparing: Gate = field(default_factory=Gate)
    inferring: Gate = field(default_factory=Gate)

    def weigh(self, item: str) -> int:
        size, parts = _shape(item)
        return size * max(1, parts)

    def prepare(self, items: Sequence[str]) -> list[tuple[str, list[Piece]]]:
        self._enter("prepare", items)
        self.prepared.append(list(items))
        self.preparing.pass_through()
        found = []
        for item in items:
            size, parts = _shape(item)
            found.append((item, [Piece(item, place, size) for place in range(parts)]))
        return found

    def infer(self, parts: Sequence[Piece]) -> list[str]:
        self.inferred.append([part.item for part in parts])
        self.inferring.pass_through()
        self._enter("infer", [part.item for part in parts])
        return [f"{part.item}/{part.place}" for part in parts]

    def finish(self, work: str, outputs: Sequence[str | Failure]) -> str:
        self._enter("finish", [work])
        for output in outputs:
            if isinstance(output, Failure):
                raise output.error
        assert list(outputs) == [f"{work}/{place}" for place in range(_shape(work)[1])]
        return work.upper()

    def _enter(self, step: str, items: Sequence[str]) -> None:
        self.threads.setdefault(step, set()).add(threading.current_thread().name)
        for item in items:
            if item.startswith(f"bad-{step}"):
                raise RuntimeError(f"{step} failed on {item}")


def _shape(item: str) -> tuple[int, int]:
    """(size, parts) of an item."""
    _, _, shape = item.partition(":")
    size, _, parts = shape.partition("*")
    return int(size or 20), int(parts or 1)
