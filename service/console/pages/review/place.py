"""Where review is in the console."""

from __future__ import annotations

from urllib.parse import quote

from service.auth import Action, Resource
from service.console.places import Place, Section
from service.console.session import BASE

STREAM = "/review/stream"
ITEM = "/review/items/{review_id}"

PLACE = Place(
    name="review",
    path="/review",
    section=Section.DUTY,
    may=(Action.READ, Resource.REVIEW),
    deeper=(STREAM, ITEM),
)


def item_address(item_id: str) -> str:
    """The page of one item."""
    return f"{BASE}/review/items/{quote(item_id, safe='')}"


def stream_address(item_id: str = "") -> str:
    """The stream, with that item in front if it can be had."""
    return f"{BASE}{STREAM}" + (f"?item={quote(item_id, safe='')}" if item_id else "")
