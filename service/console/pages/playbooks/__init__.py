"""Playbooks: who does what by when, what would happen now, and the handbook to print."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.playbooks import matrix, plan
from service.console.pages.playbooks.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """Every page of the playbooks."""
    matrix.register(board)
    plan.register(board)
