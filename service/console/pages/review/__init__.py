"""Review: what waits for people, the stream in which they decide it, and how well that goes."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.review.one import register_one
from service.console.pages.review.overview import register_overview
from service.console.pages.review.place import PLACE
from service.console.pages.review.stream import register_stream

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The overview, the stream, and the page of each item."""
    register_overview(board)
    register_stream(board)
    register_one(board)
