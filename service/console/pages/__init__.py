"""One file a page."""

from __future__ import annotations

from service.bootstrap import Container
from service.console.board import Board
from service.console.pages.history import register_history
from service.console.pages.incident import register_incident
from service.console.pages.incident_queue import register_queue
from service.console.pages.sign_in import register_sign_in

__all__ = ["register_pages"]


def register_pages(container: Container) -> None:
    """Every page, over the services of the container."""
    board = Board(container)
    register_sign_in(container)
    register_queue(board)
    register_incident(board)
    register_history(board)
