"""Improvements of every review: who owes what by when, its proof, and its ticket elsewhere."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.improvements import listed, one
from service.console.pages.improvements.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of the improvements."""
    listed.register(board)
    one.register(board)
