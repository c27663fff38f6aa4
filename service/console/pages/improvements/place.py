"""Where the pages of improvements are, and what they share."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.session import BASE
from service.reviews import ItemState

LIST = f"{BASE}/improvements"
PLACE = Place(
    name="improvements",
    path="/improvements",
    section=Section.AFTERMATH,
    may=(Action.READ, Resource.CAUSE_REVIEW),
    deeper=("/improvements/{improvement_id}",),
)
_SIGNS = {
    ItemState.PROPOSED: "…",
    ItemState.ACCEPTED: "○",
    ItemState.DOING: "◐",
    ItemState.DONE: "●",
    ItemState.VERIFIED: "✓",
    ItemState.DROPPED: "✗",
}


def address(improvement_id: str) -> str:
    """The page of an improvement."""
    return f"{LIST}/{improvement_id}"


def state_of(words: Words, state: ItemState) -> str:
    """How an improvement stands, with a sign beside the word."""
    return f"{_SIGNS[state]} {words.choice('improvements.states', state.value)}"
