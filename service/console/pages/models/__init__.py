"""Models and learning: what reads texts, what might read them better, one step there and back."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.models import beginning, evaluation, overview, trial
from service.console.pages.models.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of the models."""
    overview.register(board)
    beginning.register(board)
    trial.register(board)
    evaluation.register(board)
