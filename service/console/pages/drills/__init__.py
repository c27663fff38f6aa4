"""Drills: a recorded crisis played into the queue, and how the team did."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.drills import beginning, listed, one
from service.console.pages.drills.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of the drills."""
    listed.register(board)
    beginning.register(board)
    one.register(board)
