"""Briefings: prepared, read, written in, approved, delivered; and their schedules."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.briefings import listed, one, preparing, schedules
from service.console.pages.briefings.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of briefings."""
    listed.register(board)
    preparing.register(board)
    schedules.register(board)
    one.register(board)
