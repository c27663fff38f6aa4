"""One file a page; the order of this list is the order of the menu."""

from __future__ import annotations

from typing import Protocol

from service.bootstrap import Container
from service.console.board import Board
from service.console.pages import (
    api_keys,
    audit,
    backtests,
    board,
    brands,
    briefings,
    causes,
    channels,
    complaint_rules,
    complaints,
    coverage,
    departments,
    drills,
    forecast,
    handling,
    handovers,
    history,
    imports,
    improvements,
    incident,
    incident_queue,
    lexicon,
    models,
    monitors,
    oncall,
    playbooks,
    posts,
    promises,
    recurrences,
    recurring,
    review,
    reviews,
    risks,
    roles,
    rules,
    series,
    silences,
    sources,
    statements,
    stories,
    topics,
    users,
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
    briefings,
    wall,
    # Aftermath.
    history,
    handling,
    reviews,
    improvements,
    risks,
    complaints,
    promises,
    recurrences,
    departments,
    handovers,
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
    complaint_rules,
    backtests,
    playbooks,
    drills,
    recurring,
    models,
    users,
    roles,
    api_keys,
    audit,
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
