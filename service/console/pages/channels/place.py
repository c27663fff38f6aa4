"""Where channels are in the console."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section
from service.console.session import BASE

NEW = "/channels/_new"
"""No channel's id: those begin with a letter or a digit."""

PLACE = Place(
    name="channels",
    path="/channels",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.CHANNEL),
    deeper=(NEW, "/channels/{channel_id}"),
)


def address_of(channel_id: str) -> str:
    """The page of one channel."""
    return f"{BASE}/channels/{channel_id}"
