"""Posts: searched with the monitors' grammar, narrowed, brushed, exported, looked at one by one."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.posts.one import register_one
from service.console.pages.posts.place import PLACE
from service.console.pages.posts.search import register_search

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The search, and the page of each post."""
    register_search(board)
    register_one(board)
