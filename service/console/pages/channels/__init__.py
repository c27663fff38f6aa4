"""Channels: where people are paged, and what a test message is answered."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.channels.every import register_every
from service.console.pages.channels.one import register_one
from service.console.pages.channels.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The list, the page of a new one, and that of each."""
    register_every(board)
    register_one(board)
