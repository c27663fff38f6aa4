"""Rules: what opens incidents; tuned, switched off, tried out in shadow, written anew."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.rules import listed, one, writing
from service.console.pages.rules.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of the rules."""
    listed.register(board)
    one.register(board)
    writing.register(board)
