"""How far a fit is, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from nlp.topics.errors import FitCancelled


class FitStage(StrEnum):
    """What a fit is at."""

    POOLING = "pooling"
    CHOOSING = "choosing"
    LEARNING = "learning"
    DESCRIBING = "describing"


@dataclass(frozen=True, slots=True, kw_only=True)
class FitProgress:
    """`done` of `of` steps of a stage."""

    stage: FitStage
    done: int
    of: int


Tell = Callable[[FitProgress], bool]
"""Hears of progress; answers False to stop the fit."""


def go_on(tell: Tell, stage: FitStage, done: int, of: int) -> None:
    """Tell how far the fit is. Raises FitCancelled where it is to stop."""
    if not tell(FitProgress(stage=stage, done=done, of=of)):
        raise FitCancelled(f"the fit was stopped while {stage.value}")
