"""The lexicon: entries, what they hit, versions and the way back, imports."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.lexicon import entry, importing, listed, versions
from service.console.pages.lexicon.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of the lexicon."""
    listed.register(board)
    entry.register(board)
    versions.register(board)
    importing.register(board)
