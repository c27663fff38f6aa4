"""One file a page; the order of this list is the order of the menu."""

from __future__ import annotations

from typing import Protocol

from service.bootstrap import Container
from service.console.board import Board
from service.console.pages import (
    backtests,
    board,
    brands,
    causes,
    channels,
    coverage,
    drills,
    forecast,
    handling,
    history,
    imports,
    incident,
    incident_queue,
    lexicon,
    models,
    monitors,
    oncall,
    playbooks,
    posts,
    recurring,
    review,
    rules,
    series,
    silences,
    sources,
    statements,
    stories,
    topics,
    wall,
)
from service.console.pages.sign_in import register_sign_in
from service.console.places import Place

__all__ = ["PLACES", "register_pages"]


class Page(Protocol):
    """What the module of a page has."""

    PLACE: Place

    def register(self, board: Board) -> None:
        """Register the page under every path of its place."""


_PAGES: tuple[Page, ...] = (
    # On duty.
    incident_queue,
    incident,
    statements,
    review,
    posts,
    # Insight.
    board,
    coverage,
    stories,
    topics,
    causes,
    forecast,
    wall,
    # Aftermath.
    history,
    handling,
    # Settings.
    monitors,
    brands,
    sources,
    imports,
    series,
    channels,
    oncall,
    silences,
    lexicon,
    rules,
    backtests,
    playbooks,
    drills,
    recurring,
    models,
)

PLACES: tuple[Place, ...] = tuple(page.PLACE for page in _PAGES)
"""Every page of the console but signing in, in the order of the menu."""


def register_pages(container: Container) -> Board:
    """Every page, over the services of the container; answers what they share."""
    shared = Board(container, PLACES)
    register_sign_in(container)
    for page in _PAGES:
        page.register(shared)
    return shared
