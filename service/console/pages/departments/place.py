"""Where the pages of departments are, and what they share."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section
from service.console.session import BASE

LIST = f"{BASE}/departments"
NEW = "/departments/_new"
"""No department's id: those begin with a letter or a digit."""
ONE = "/departments/{department_id}"

PLACE = Place(
    name="departments",
    path="/departments",
    section=Section.AFTERMATH,
    may=(Action.READ, Resource.DEPARTMENT),
    deeper=(NEW, ONE),
)


def address(department_id: str) -> str:
    """The page of a department; ids are letters, digits, `.`, `_` and `-`."""
    return f"{LIST}/{department_id}"


def signed(points: int) -> str:
    """Points with their sign, none for nothing."""
    return f"{points:+,}" if points else "0"
