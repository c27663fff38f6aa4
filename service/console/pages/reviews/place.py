"""Where the pages of 5-Why reviews are."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section
from service.console.session import BASE
from service.ids import stable_id

LIST = f"{BASE}/reviews"
PLACE = Place(
    name="reviews",
    path="/reviews",
    section=Section.AFTERMATH,
    may=(Action.READ, Resource.CAUSE_REVIEW),
    deeper=("/reviews/{review_id}", "/reviews/{review_id}/propose"),
)


def address(review_id: str) -> str:
    """The page of a review."""
    return f"{LIST}/{review_id}"


def review_of(named: str) -> str:
    """The id of a review: pages of incidents lead to theirs by the incident's id."""
    return stable_id("cau", named) if named.startswith("inc_") else named
