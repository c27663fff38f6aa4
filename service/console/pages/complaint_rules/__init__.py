"""Complaint rules: which posts open a ticket by themselves, tried on sample texts."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.complaint_rules import listed, one
from service.console.pages.complaint_rules.place import PLACE

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The list, the page of a new one, and that of each."""
    listed.register(board)
    one.register(board)
