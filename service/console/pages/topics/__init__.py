"""Topics: what posts are about, over time and with their mood; versions of them and their fits."""

from __future__ import annotations

from service.console.board import Board
from service.console.pages.topics.fit import register_fit
from service.console.pages.topics.overview import register_overview
from service.console.pages.topics.place import PLACE
from service.console.pages.topics.version import register_version

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The pages `/topics`, `/topics/new` and `/topics/{number}`."""
    register_overview(board)
    # Before the versions, whose path would take `new` for a number.
    register_fit(board)
    register_version(board)
