"""Complaints: one ticket a person and cause, by time to breach, until they were told."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.complaints import listed, one, opening
from service.console.pages.complaints.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The queue, the page of a new one, and that of each."""
    listed.register(board)
    opening.register(board)
    one.register(board)
