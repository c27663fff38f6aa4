"""Promises: what was promised in public, who keeps it, by when, and that it was kept."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.promises import listed, one
from service.console.pages.promises.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The ledger, and the page of each."""
    listed.register(board)
    one.register(board)
