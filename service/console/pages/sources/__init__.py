"""Sources: where posts are pulled from or sent from, and what a pull brings."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.sources.every import register_every
from service.console.pages.sources.new import register_new
from service.console.pages.sources.one import register_one
from service.console.pages.sources.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The list, the page of a new one, and that of each."""
    register_every(board)
    register_new(board)
    register_one(board)
