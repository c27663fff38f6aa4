"""Back-tests: other rules and words over stored posts, before anybody is paged by them."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.backtests import asking, listed, one
from service.console.pages.backtests.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of the back-tests."""
    listed.register(board)
    asking.register(board)
    one.register(board)
