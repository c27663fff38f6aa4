"""On call: who is on when, whom a chain pages, and how people are reached."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.oncall.chains import register_chains
from service.console.pages.oncall.overview import register_overview
from service.console.pages.oncall.people import register_people
from service.console.pages.oncall.place import PLACE
from service.console.pages.oncall.roles import register_roles
from service.console.pages.oncall.rotas import register_rotas

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The overview; rotas, people, roles and chains."""
    register_overview(board)
    register_rotas(board)
    register_people(board)
    register_roles(board)
    register_chains(board)
