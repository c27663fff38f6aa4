"""How far a source has been read, and when it is due again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crawlers.source import Cursor, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of one source between two pulls. Instants are aware UTC.

    `failures` counts the pulls since the last good one; `cursor` is that of the last pull whose
    posts were stored.
    """

    source: str
    cursor: Cursor | None = None
    next_due_at: datetime | None = None
    failures: int = 0
    last_outcome: Outcome | None = None
    last_outcome_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_reason: str | None = None


class CheckpointStore(Protocol):
    """Keeps checkpoints; the suite in tests/contracts/checkpoint_store.py says what must hold."""

    async def load(self, name: str) -> Checkpoint | None:
        """The checkpoint of the source called `name`, None if it was never pulled."""
        ...

    async def save(self, checkpoint: Checkpoint) -> None:
        """Keep `checkpoint` in place of the one that the source had."""
        ...

    async def due(self, now: datetime) -> list[str]:
        """Names whose `next_due_at` is at or before `now`, or not set; the longest due first."""
        ...


class MemoryCheckpoints:
    """Checkpoints for the lifetime of the process: replay and tests."""

    def __init__(self) -> None:
        self._checkpoints: dict[str, Checkpoint] = {}

    async def load(self, name: str) -> Checkpoint | None:
        return self._checkpoints.get(name)

    async def save(self, checkpoint: Checkpoint) -> None:
        self._checkpoints[checkpoint.source] = checkpoint

    async def due(self, now: datetime) -> list[str]:
        dated = [(item.next_due_at, item.source) for item in self._checkpoints.values()]
        never = sorted(name for at, name in dated if at is None)
        return never + [
            name
            for _, name in sorted((at, name) for at, name in dated if at is not None and at <= now)
        ]
