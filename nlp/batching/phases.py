"""What a line tells of itself."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

Observe = Callable[[str, float], None]
"""Takes a name (a Phase) and its value."""


class Phase(StrEnum):
    """What is observed, and its unit."""

    WAIT = "wait"
    """Seconds from a text's arrival until its first part is inferred."""
    PREPARE = "prepare"
    """Seconds of a job of the Python thread."""
    INFER = "infer"
    """Seconds of a batch."""
    FINISH = "finish"
    """Seconds of a job of the Python thread."""
    BATCH_PARTS = "batch_parts"
    """Parts in a batch."""
    BATCH_TOKENS = "batch_tokens"
    """Tokens of a batch, padding counted."""
    SHED = "shed"
    """Texts of a call for which there was no room."""


def unobserved(_name: str, _value: float) -> None:
    """Nobody looks."""


class Pace:
    """Tokens a second, smoothed, and what it says of how long a queue takes."""

    _WEIGHT = 0.1
    _SHORTEST = 1.0
    _LONGEST = 60.0

    def __init__(self) -> None:
        self._rate: float | None = None

    def add(self, tokens: int, seconds: float) -> None:
        """A batch took so long. One of no time at all (a virtual clock) tells nothing."""
        if seconds > 0:
            rate = tokens / seconds
            before = rate if self._rate is None else self._rate
            self._rate = before + self._WEIGHT * (rate - before)

    def seconds(self, tokens: int) -> float:
        """How long so many tokens take, between 1 and 60 seconds; 1 as long as nothing is known."""
        if self._rate is None:
            return self._SHORTEST
        return min(self._LONGEST, max(self._SHORTEST, tokens / self._rate))
