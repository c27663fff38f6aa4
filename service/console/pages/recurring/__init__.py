"""Recurring duties: what somebody must do every so many months, done or left out with a reason."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.recurring import listed, one
from service.console.pages.recurring.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of the recurring duties."""
    listed.register(board)
    one.register(board)
