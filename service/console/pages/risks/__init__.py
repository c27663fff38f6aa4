"""The risk register: what may happen, how grave, who owns it, and what became of it."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.risks import listed, one, rates, writing
from service.console.pages.risks.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The register, an entry of it, the form of a new one, and the rates of exchange."""
    listed.register(board)
    writing.register(board)
    one.register(board)
    rates.register(board)
