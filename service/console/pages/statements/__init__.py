"""The pages of statements: every one, a new one, one."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.statements import begin, every, page
from service.console.pages.statements.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of the place."""
    every.register(board)
    begin.register(board)
    page.register(board)
