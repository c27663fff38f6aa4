"""Where the pages of complaint rules are."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section
from service.console.session import BASE

LIST = f"{BASE}/complaint-rules"
NEW = "/complaint-rules/_new"
"""No rule's id: those begin with a letter or a digit."""
ONE = "/complaint-rules/{rule_id}"

PLACE = Place(
    name="complaint_rules",
    path="/complaint-rules",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.COMPLAINT_RULE),
    deeper=(NEW, ONE),
)


def address(rule_id: str) -> str:
    """The page of a rule; ids are letters, digits, `.`, `_` and `-`."""
    return f"{LIST}/{rule_id}"
