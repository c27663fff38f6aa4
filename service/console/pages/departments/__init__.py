"""Departments: who answers for what, and the points that they won, lost and made good."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.departments import listed, one
from service.console.pages.departments.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The list, the page of a new one, and that of each."""
    listed.register(board)
    one.register(board)
