"""5-Why reviews: which are due, the form, its departments, proposals, and the closing."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.reviews import listed, one, proposing
from service.console.pages.reviews.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of the reviews."""
    listed.register(board)
    one.register(board)
    proposing.register(board)
