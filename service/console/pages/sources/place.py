"""Where sources are in the console."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section
from service.console.session import BASE

NEW = "/sources/_new"
"""No source's id: those begin with a letter or a digit."""

PLACE = Place(
    name="sources",
    path="/sources",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.SOURCE),
    deeper=(NEW, "/sources/{source_id}"),
)


def address_of(source_id: str) -> str:
    """The page of one source."""
    return f"{BASE}/sources/{source_id}"
