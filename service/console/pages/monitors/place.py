"""Where monitors are in the console."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section
from service.console.session import BASE

NEW = "/monitors/_new"
"""No monitor's id: those begin with a letter or a digit."""

PLACE = Place(
    name="monitors",
    path="/monitors",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.MONITOR),
    deeper=(NEW, "/monitors/{monitor_id}"),
)


def address_of(monitor_id: str) -> str:
    """The page of one monitor."""
    return f"{BASE}/monitors/{monitor_id}"
