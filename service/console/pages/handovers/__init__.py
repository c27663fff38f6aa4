"""Hand-overs to trackers: what was handed over, how its ticket stands, and what needs somebody."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.handovers import listed, needs, one
from service.console.pages.handovers.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The list, the page on which a needs report is handed over, and that of each."""
    listed.register(board)
    needs.register(board)
    one.register(board)
