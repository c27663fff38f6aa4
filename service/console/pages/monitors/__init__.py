"""Monitors (监测方案): which posts belong together, and what a query would come to."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.monitors.every import register_every
from service.console.pages.monitors.one import register_one
from service.console.pages.monitors.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The list, the page of a new one, and that of each."""
    register_every(board)
    register_one(board)
