"""The board: fifteen indicators, five kinds of chart, and what stands behind every number."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.board.indicator import register_indicator
from service.console.pages.board.overview import register_overview
from service.console.pages.board.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The pages `/board` and `/board/{indicator}`."""
    register_overview(board)
    register_indicator(board)
